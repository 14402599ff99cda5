package dev.ovchat.display;

import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;

/**
 * Extension that JJava calls when it finds this jar on its class path. JJava loads this class apart
 * from the classes that cells see, so {@code Table} would be another class: therefore the set-up
 * runs as the code of a cell.
 */
public final class JJavaExtension implements Extension {
  private static final String INSTALL = Display.class.getName() + ".install();";

  @Override
  public void install(BaseKernel kernel) {
    try {
      kernel.evalRaw(INSTALL);
    } catch (RuntimeException | LinkageError e) {
      System.err.println("ovchat's tables and charts will be shown as text: " + e);
    }
  }
}
