package dev.ovchat.display;

import dev.ovchat.chart.Chart;
import java.util.Optional;

/**
 * Makes the kernel show tables as HTML and {@link Chart charts} as charts, send printed text in
 * order and whole, and let a cell that is stopped go on with what there is.
 */
public final class Display {
  private static boolean isInstalled;

  private Display() {}

  /**
   * Tells the kernel how values look, and sees to its printed text and its stop button. IJava needs
   * this line once; on JJava it has happened by itself, and without a kernel there is nobody to
   * tell: then it does nothing.
   */
  public static synchronized void install() {
    if (!isInstalled) {
      kernel().ifPresent(Display::install);
      isInstalled = true;
    }
  }

  private static void install(Kernel kernel) {
    Look.ALL.forEach(kernel::register);
    try {
      kernel.takeOver();
    } catch (ReflectiveOperationException | RuntimeException e) {
      System.err.println(
          "This kernel is not one that ovchat knows. Much printed text may be lost, and a stopped"
              + " cell ends with an error: "
              + e);
    }
  }

  /** The kernel that this runs in; empty in a plain Java program. */
  static Optional<Kernel> kernel() {
    // No references to methods: they would have both classes linked, one of which cannot be.
    Optional<Kernel> kernel = found(() -> JJavaKernel.running());
    return kernel.isPresent() ? kernel : found(() -> IJavaKernel.running());
  }

  /** Looks for a kernel. */
  private interface Search {
    Optional<Kernel> run() throws ReflectiveOperationException;
  }

  private static Optional<Kernel> found(Search search) {
    try {
      return search.run();
    } catch (ReflectiveOperationException | LinkageError absent) {
      return Optional.empty();
    }
  }
}
