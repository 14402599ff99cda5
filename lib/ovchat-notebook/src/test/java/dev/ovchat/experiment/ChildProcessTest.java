package dev.ovchat.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.Slow;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Slow
class ChildProcessTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  /** Ends in a way that the request names. */
  static final class Dying {
    private Dying() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
      String request = Files.readString(Path.of(arguments[0]));
      System.err.println("a first line");
      System.err.println("this is how it ends");
      if (request.contains("way=exit")) {
        System.exit(3);
      }
      if (request.contains("way=sleep")) {
        Thread.sleep(600_000);
      }
      String signal = request.replaceAll("(?s).*way=(\\w+).*", "$1");
      new ProcessBuilder("kill", "-" + signal, "" + ProcessHandle.current().pid())
          .start()
          .waitFor();
      Thread.sleep(600_000);
    }
  }

  private static Properties request(String way) {
    Properties request = new Properties();
    request.setProperty("way", way);
    return request;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exit|ended with exit code 3; its last words: a first line this is how it ends",
        "KILL|was killed (SIGKILL): memory that runs out is the usual reason; its last words: a",
        "SEGV|crashed (SIGSEGV in ",
      })
  void anEndWithoutAnAnswerHasItsReason(String way, String reason) throws InterruptedException {
    Properties answer = new ChildProcess(Dying.class, LONG).run(request(way));
    assertThat(answer.getProperty(Request.REASON)).startsWith("The run's process " + reason);
  }

  /** Responds with the options of its JVM. */
  static final class Telling {
    private Telling() {}

    public static void main(String[] arguments) throws IOException {
      Properties response = new Properties();
      response.setProperty(
          "options", String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()));
      response.setProperty("class path", System.getProperty("java.class.path"));
      try (OutputStream out = Files.newOutputStream(Path.of(arguments[1]))) {
        response.store(out, null);
      }
    }
  }

  @Test
  void theChildRunsAsThisProcessDoes() throws InterruptedException {
    List<String> own = ManagementFactory.getRuntimeMXBean().getInputArguments();
    Properties told = new ChildProcess(Telling.class, LONG).run(request("none"));
    assertThat(own).contains("-XX:TieredStopAtLevel=1");
    assertThat(told.getProperty("options")).contains("-XX:TieredStopAtLevel=1");
    assertThat(told.getProperty("class path")).isEqualTo(System.getProperty("java.class.path"));
  }

  @Test
  void theJarsOfTheClassLoaderAreOnTheClassPath() throws Exception {
    Path jar = Path.of("/executor/ovchat-notebook.jar");
    URL[] urls = {
      new URL("file:/executor/./other%20one.jar"),
      new URL("file:/executor/ovchat-notebook.jar"),
      new URL("http://127.0.0.1/classes/")
    };
    try (var loader = new URLClassLoader(urls)) {
      assertThat(ChildProcess.classPath(jar, loader).split(File.pathSeparator))
          .containsExactly(jar.toString(), "/executor/other one.jar");
    }
    assertThat(ChildProcess.classPath(jar, ClassLoader.getSystemClassLoader()))
        .isEqualTo(jar.toString());
  }

  @Test
  void whatTakesTooLongIsEnded() throws InterruptedException {
    Properties answer = new ChildProcess(Dying.class, Duration.ofSeconds(1)).run(request("sleep"));
    assertThat(answer.getProperty(Request.REASON))
        .isEqualTo("The run took longer than 1 s and was ended.");
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void anInterruptEndsTheProcess() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> new ChildProcess(Dying.class, LONG).run(request("sleep")))
        .isInstanceOf(InterruptedException.class);
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void theWorkerEndsWithItsParent(@TempDir Path folder) throws Exception {
    Path request = folder.resolve("request");
    try (OutputStream out = Files.newOutputStream(request)) {
      request("none").store(out, null);
    }
    Process worker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Sleeping.class.getName(),
                request.toString(),
                folder.resolve("answer").toString())
            .start();
    assertThat(worker.waitFor(1, TimeUnit.SECONDS)).isFalse();
    worker.getOutputStream().close(); // as the system does when the parent is gone
    assertThat(worker.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(worker.exitValue()).isEqualTo(1);
  }

  /** Watches over its parent as the worker does, and does nothing else. */
  static final class Sleeping {
    private Sleeping() {}

    public static void main(String[] arguments) throws InterruptedException {
      Worker.endWithParent();
      Thread.sleep(600_000);
    }
  }

  @Test
  void whatJavaSaysOfItselfIsNoLastWord() {
    String options =
        "NOTE: Picked up JDK_JAVA_OPTIONS: -Xmx4g\nPicked up JAVA_TOOL_OPTIONS: -Da\n\n";
    assertThat(new ProcessEnd(1, options, "").reason())
        .isEqualTo("The run's process ended with exit code 1.");
    String crash =
        """
        # A fatal error has been detected by the Java Runtime Environment:
        #
        #  SIGSEGV (0xb) at pc=0x00007f, pid=1, tid=2
        # Problematic frame:
        # C  [libopenvino.so+0x123]  ov::run()+0x5
        """;
    assertThat(new ProcessEnd(134, "", crash).reason())
        .isEqualTo("The run's process crashed (SIGSEGV in [libopenvino.so+0x123]  ov::run()+0x5).");
    assertThat(new ProcessEnd(134, "x".repeat(5000), "").reason().length()).isLessThan(400);
  }

  @Test
  void asksForWhatItGets() {
    var configs = List.of(Map.of("A", "1"), Map.of("A", "1", "B", ""));
    assertThat(Request.cells(Request.check("CPU", configs)))
        .containsExactlyInAnyOrder(Map.of("A", "1"), Map.of("B", ""));
  }
}
