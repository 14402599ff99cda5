package dev.ovchat.experiment;

import dev.ovchat.files.ProcessFolder;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A separate JVM for each run: no config leaves threads, memory or caches behind for the next, and
 * a crash ends one run only.
 *
 * <p>Files are read and written through streams that an interrupt does not close.
 *
 * @param main the class to run, with the files of the request and of the response as arguments
 * @param timeLimit the longest time of a process; then it is killed
 */
record ChildProcess(Class<?> main, Duration timeLimit) {
  /**
   * Prefixes of system properties that are passed on to the child; it inherits environment
   * variables anyway.
   */
  private static final List<String> PASSED_ON =
      List.of("openvino.", "ovchat.cache", "org.bytedeco.", "ai.djl.", "java.io.tmpdir");

  /**
   * Sends a request to a new process.
   *
   * @return its response; {@link Request#REASON} is set if the process failed or ended early
   * @throws InterruptedException if the thread is interrupted; the process is ended then
   * @throws ExperimentException if no process can be started
   */
  Properties run(Properties request) throws InterruptedException {
    Path folder = null;
    try {
      folder = ProcessFolder.newDirectory("run");
      return run(request, folder);
    } catch (IOException e) {
      throw new ExperimentException("No process can be started for a run: " + e + ".", e);
    } finally {
      ProcessFolder.delete(folder);
    }
  }

  private Properties run(Properties request, Path folder) throws IOException, InterruptedException {
    Path requestFile = folder.resolve("request");
    Path responseFile = folder.resolve("response");
    Path errors = folder.resolve("errors");
    try (OutputStream out = new FileOutputStream(requestFile.toFile())) {
      request.store(out, null);
    }
    ProcessBuilder builder = new ProcessBuilder(command(folder, requestFile, responseFile));
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(errors.toFile());
    Process process = builder.start();
    boolean inTime;
    try {
      inTime = process.waitFor(timeLimit.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      process.destroyForcibly();
      process.onExit().join();
    }
    if (Files.exists(responseFile)) {
      return read(responseFile);
    }
    return failure(
        inTime
            ? new ProcessEnd(process.exitValue(), text(errors), text(folder.resolve("crash")))
                .reason()
            : "The run took longer than " + timeLimit.toSeconds() + " s and was ended.");
  }

  private static Properties failure(String reason) {
    Properties failure = new Properties();
    failure.setProperty(Request.REASON, reason);
    return failure;
  }

  private List<String> command(Path folder, Path requestFile, Path responseFile) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(ownOptions());
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:ErrorFile=" + folder.resolve("crash"));
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> PASSED_ON.stream().anyMatch(name::startsWith))
        .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
    command.addAll(List.of("-cp", classPath(), main.getName()));
    command.addAll(List.of(requestFile.toString(), responseFile.toString()));
    return command;
  }

  /**
   * This JVM's own options, so that a run is measured with the compiler and the garbage collector
   * that a notebook generates with, and starts from the same class-data archive.
   */
  private static List<String> ownOptions() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(
            option ->
                option.startsWith("-XX:+Use")
                    || option.startsWith("-XX:TieredStopAtLevel=")
                    || option.startsWith("-XX:SharedArchiveFile=")
                    || option.startsWith("-Xlog:"))
        .toList();
  }

  /**
   * The class path of the child: that of this process if ovchat is on it; else ovchat's jar, which
   * a kernel may have loaded later, and names those it needs; and after it the other jars of its
   * class loader, since a Spark executor has all of them in one folder, where the names lead
   * nowhere, and this process's own, since an executor is not sent what Spark has.
   */
  private static String classPath() {
    CodeSource source = ChildProcess.class.getProtectionDomain().getCodeSource();
    String own = System.getProperty("java.class.path");
    try {
      Path place = Path.of(source.getLocation().toURI());
      boolean isOnOwn =
          Files.isDirectory(place)
              || List.of(own.split(File.pathSeparator)).contains(place.toString());
      return isOnOwn
          ? own
          : classPath(place, ChildProcess.class.getClassLoader()) + File.pathSeparator + own;
    } catch (URISyntaxException e) {
      throw new ExperimentException("ovchat's jar has no place on the disk: " + source + ".", e);
    }
  }

  /** A jar, and the other files of the class loader that has loaded it. */
  static String classPath(Path jar, ClassLoader loader) throws URISyntaxException {
    Set<String> files = new LinkedHashSet<>();
    files.add(jar.normalize().toString());
    if (loader instanceof URLClassLoader urls) {
      for (URL url : urls.getURLs()) {
        if (url.getProtocol().equals("file")) {
          files.add(Path.of(url.toURI()).normalize().toString());
        }
      }
    }
    return String.join(File.pathSeparator, files);
  }

  private static Properties read(Path responseFile) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = new FileInputStream(responseFile.toFile())) {
      properties.load(in);
    }
    return properties;
  }

  private static String text(Path file) throws IOException {
    if (!Files.exists(file)) {
      return "";
    }
    try (InputStream in = new FileInputStream(file.toFile())) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
