import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/** What programs and the servers that they run in do with ovchat: Programs WHAT CLASS_PATH MODEL_DIR. */
public class Programs {
  private static final String QUESTION = "Who are you?";

  private final URL[] classPath;
  private final String modelDir;

  private Programs(String classPath, String modelDir) throws Exception {
    this.modelDir = modelDir;
    List<URL> urls = new ArrayList<>();
    for (String entry : classPath.split(":")) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    this.classPath = urls.toArray(URL[]::new);
  }

  public static void main(String[] args) throws Exception {
    var programs = new Programs(args[1], args[2]);
    switch (args[0]) {
      case "redeploy" -> programs.redeploy();
      case "threads" -> programs.threads();
      case "exit" -> programs.exit();
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  /** Two class loaders at once, then one without the other, then a third after both are gone. */
  private void redeploy() throws Exception {
    var first = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader());
    var second = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader());
    ask(first);
    ask(second);
    ask(first);
    first.close();
    first = null;
    collect();
    ask(second);
    second.close();
    second = null;
    collect();
    ask(new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader()));
  }

  private static void collect() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(100);
    }
  }

  /** Ten threads, none of which waits until another one has loaded the libraries. */
  private void threads() throws Exception {
    var loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader());
    var pool = Executors.newFixedThreadPool(10);
    Callable<Void> task =
        () -> {
          ask(loader);
          return null;
        };
    for (var done : pool.invokeAll(Arrays.asList(task, task, task, task, task, task, task, task, task, task))) {
      done.get();
    }
    pool.shutdown();
  }

  /** A process that is told to end while it answers. */
  private void exit() throws Exception {
    var loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader());
    System.setOut(
        new java.io.PrintStream(System.out) {
          @Override
          public void print(String piece) {
            super.print(piece);
            new Thread(() -> System.exit(3)).start();
          }
        });
    ask(loader);
  }

  private void ask(ClassLoader loader) throws Exception {
    Class<?> program = loader.loadClass("Streaming");
    program.getMethod("main", String[].class).invoke(null, (Object) new String[] {modelDir, QUESTION});
  }
}
