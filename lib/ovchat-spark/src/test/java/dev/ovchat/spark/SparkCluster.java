package dev.ovchat.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.spark.sql.SparkSession;

/**
 * A standalone cluster of Spark on this machine: a master and workers of one core each, as
 * processes, from Spark's own distribution. Its executors know ovchat by the jars that a driver
 * sends.
 */
final class SparkCluster implements AutoCloseable {
  /**
   * Settings of a driver that soon gives up who says nothing. Spark's own value, two minutes, is
   * for all others: on a busy machine an executor may take half of one to begin.
   */
  static final Map<String, String> IMPATIENT =
      Map.of(
          "spark.network.timeout", "30s",
          "spark.network.timeoutInterval", "5s",
          "spark.executor.heartbeatInterval", "2s");

  private static final Path HOME = Path.of(System.getProperty("spark.home"));

  /** Options of JVMs that run for a moment: the optimizing compiler would not pay. */
  private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private final Path folder;
  private final String host;
  private final int port;
  private final Process master;
  private final List<Process> workers = new ArrayList<>();

  /**
   * Starts a master.
   *
   * @param folder for logs, the workers' folders, and jars
   * @param host the address of master and driver
   */
  SparkCluster(Path folder, String host) throws IOException, InterruptedException {
    this.folder = folder;
    this.host = host;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    master =
        start(
            "master",
            List.of(),
            "org.apache.spark.deploy.master.Master",
            "--host",
            host,
            "--port",
            String.valueOf(port),
            "--webui-port",
            "0");
    awaitMaster();
  }

  private void awaitMaster() throws IOException, InterruptedException {
    while (true) {
      try (Socket socket = new Socket(host, port)) {
        return;
      } catch (IOException e) {
        if (!master.isAlive()) {
          throw new AssertionError(Files.readString(folder.resolve("master.log")), e);
        }
        Thread.sleep(100);
      }
    }
  }

  /**
   * Adds a worker.
   *
   * @param prefix a command that runs it, such as in a namespace of its own; none for none
   */
  void addWorker(String... prefix) throws IOException {
    addWorkerOn(host, prefix);
  }

  /** Same as above, as a host of its own: all addresses that begin with 127 are this machine. */
  void addWorkerOn(String host, String... prefix) throws IOException {
    String name = "worker-" + workers.size();
    workers.add(
        start(
            name,
            List.of(prefix),
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            host,
            "--cores",
            "1",
            "--memory",
            "3g",
            "--webui-port",
            "0",
            "--work-dir",
            folder.resolve(name).toString(),
            url()));
  }

  private Process start(String name, List<String> prefix, String main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(HOME.resolve("bin/spark-class").toString(), main));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(folder.resolve(name + ".log").toFile());
    builder.environment().put("SPARK_HOME", HOME.toString());
    builder.environment().put("SPARK_DAEMON_MEMORY", "256m");
    builder.environment().put("SPARK_DAEMON_JAVA_OPTS", SHORT_LIVED);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }

  /** The master's address. */
  String url() {
    return "spark://" + host + ":" + port;
  }

  /** Ends a worker and its executors at once, as a machine that loses its power. */
  void kill(int worker) {
    Process process = workers.get(worker);
    Stream<ProcessHandle> executors = process.descendants();
    process.destroyForcibly();
    executors.forEach(ProcessHandle::destroyForcibly);
  }

  /** Cuts a worker and its executors off: they stand still, and hear and say nothing. */
  void freeze(int worker) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kill", "-STOP"));
    Process process = workers.get(worker);
    process.descendants().forEach(child -> command.add(String.valueOf(child.pid())));
    command.add(String.valueOf(process.pid()));
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  /** A driver in a process of its own, as {@code spark-submit} starts it. */
  Process submit(Class<?> main, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(HOME.resolve("bin/spark-submit").toString()));
    settings()
        .forEach(
            (key, value) -> {
              command.add("--conf");
              command.add(key + "=" + value);
            });
    command.addAll(List.of("--driver-java-options", SHORT_LIVED));
    command.addAll(List.of("--class", main.getName(), jars().get(0)));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("driver.log").toFile()));
    builder.environment().put("SPARK_HOME", HOME.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }

  /** Settings of a driver, with which it sends ovchat to the executors. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.master", url());
    settings.put("spark.app.name", "cluster test");
    settings.put("spark.driver.host", host);
    settings.put("spark.driver.bindAddress", host);
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.executor.cores", "1");
    settings.put("spark.executor.memory", "512m");
    settings.putAll(Prompts.settings());
    settings.put("spark.sql.shuffle.partitions", "3");
    settings.put("spark.jars", String.join(",", jars()));
    settings.put(
        "spark.executor.extraJavaOptions",
        Stream.of("openvino.libs", "org.bytedeco.javacpp.cachedir")
            .map(name -> "-D" + name + "=" + Path.of(System.getProperty(name)).toAbsolutePath())
            .collect(Collectors.joining(" ", SHORT_LIVED + " ", "")));
    return settings;
  }

  /** A session whose driver is this process. */
  SparkSession session(Map<String, String> more) {
    var builder = SparkSession.builder();
    settings().forEach(builder::config);
    more.forEach(builder::config);
    return builder.getOrCreate();
  }

  /** The jars of ovchat and of what it needs, but for those that Spark has. */
  private List<String> jars() {
    List<String> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        jars.add(jar(path, folder.resolve("classes-" + jars.size() + ".jar")).toString());
      } else if (!Files.exists(HOME.resolve("jars").resolve(path.getFileName()))) {
        jars.add(entry);
      }
    }
    return jars;
  }

  private static Path jar(Path classes, Path jar) {
    try (Stream<Path> files = Files.walk(classes);
        JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        var entry = new ZipEntry(classes.relativize(file).toString());
        // JavaCPP unpacks a library anew whose time is another one, while other executors load it.
        entry.setLastModifiedTime(Files.getLastModifiedTime(file));
        out.putNextEntry(entry);
        Files.copy(file, out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return jar;
  }

  @Override
  public void close() {
    for (int worker = 0; worker < workers.size(); worker++) {
      kill(worker);
    }
    master.destroyForcibly();
  }
}
