package dev.ovchat.display;

import dev.ovchat.chart.Chart;
import dev.ovchat.chart.VegaLite;
import dev.ovchat.chart.VegaLiteStyle;
import dev.ovchat.widget.Output;
import dev.ovchat.widget.Widgets;
import java.util.Map;
import java.util.Optional;

/**
 * Sets up the kernel to show tables as HTML and {@link Chart charts} as charts, to send printed
 * text completely and in order, and to let a stopped cell go on with the results so far.
 */
public final class Display {
  /**
   * A transparent pixel, in Base64. Where a chart has no PNG, JupyterLab 4.6 makes one, draws the
   * chart a second time, and never frees it.
   */
  private static final String NO_IMAGE =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNgYAAAAAMAASsJTYQAAAAASUVORK5CYII=";

  private static boolean isInstalled;

  private Display() {}

  /**
   * Registers the renderers of values with the kernel, and takes over its printed text and its stop
   * button. What the first cells need is loaded in the background. IJava needs this call once; on
   * JJava it happens automatically. Without a kernel it does nothing.
   */
  public static synchronized void install() {
    if (!isInstalled) {
      kernel().ifPresent(Display::install);
      isInstalled = true;
    }
  }

  private static void install(Kernel kernel) {
    WarmUp.start();
    MimeFormats.ALL.forEach(kernel::register);
    try {
      kernel.takeOver();
      Widgets.connect(kernel.comms());
      kernel.register(MimeFormats.widgets());
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      System.err.println(
          "This kernel is not one that ovchat knows. Much printed text may be lost, a stopped"
              + " cell ends with an error, and widgets are shown as text: "
              + e);
    }
  }

  /**
   * Shows a chart in a widget, instead of what was there. It has no PNG image of it, which takes as
   * long as several moves of a slider.
   */
  public static void show(Output place, Chart chart) {
    place.show(
        Map.of(
            "text/plain",
            chart.toString(),
            VegaLite.MIME_TYPE,
            chart.vegaLite(),
            "image/png",
            NO_IMAGE),
        Map.of(VegaLite.MIME_TYPE, VegaLiteStyle.METADATA));
  }

  /** The kernel that runs this program; empty in a plain Java program. */
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
