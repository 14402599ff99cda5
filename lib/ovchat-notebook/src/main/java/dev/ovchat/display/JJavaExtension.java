package dev.ovchat.display;

import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;

/**
 * Called by JJava when it finds this jar on its class path. JJava has loaded this class apart from
 * those that cells see, whose tables would be other ones: so the work is done as if by a cell.
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
