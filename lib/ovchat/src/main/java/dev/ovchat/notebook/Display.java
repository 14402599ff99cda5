package dev.ovchat.notebook;

import java.util.Optional;

/** Makes the kernel show tables as HTML, and {@link Chart charts} as charts. */
public final class Display {
  private static boolean isInstalled;

  private Display() {}

  /**
   * Tells the kernel how values look. IJava needs this line once; on JJava it has happened by
   * itself, and without a kernel there is nobody to tell: then it does nothing.
   */
  public static synchronized void install() {
    if (!isInstalled) {
      kernel().ifPresent(kernel -> Look.ALL.forEach(kernel::register));
      isInstalled = true;
    }
  }

  /** The kernel that this runs in; empty in a plain Java program. */
  static Optional<Kernel> kernel() {
    Optional<Kernel> kernel = found(JJavaKernel::running);
    return kernel.isPresent() ? kernel : found(IJavaKernel::running);
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
