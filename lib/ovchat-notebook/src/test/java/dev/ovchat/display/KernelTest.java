package dev.ovchat.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.chart.Chart;
import dev.ovchat.chart.ChartTest;
import dev.ovchat.chart.VegaLite;
import dev.ovchat.display.MimeFormats.Format;
import dev.ovchat.display.MimeFormats.MimeData;
import dev.ovchat.progress.ProgressLine;
import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

/** The looks, drawn by the kernels' own renderers. */
class KernelTest {
  private static final Table TABLE = ChartTest.RESULTS;
  private static final Chart CHART = Chart.bar(TABLE, "config", "tokens/s").title("Speed");

  /** What IJava adds to its base plays no part in how values formats. */
  private static final class Base extends BaseKernel {
    @Override
    public DisplayData eval(String code) {
      throw new UnsupportedOperationException(code);
    }

    @Override
    public LanguageInfo getLanguageInfo() {
      throw new UnsupportedOperationException();
    }
  }

  private static DisplayData onIJava(Object value) {
    BaseKernel kernel = new Base();
    MimeFormats.ALL.forEach(new IJavaKernel(kernel)::register);
    return kernel.getRenderer().render(value);
  }

  private static org.dflib.jjava.jupyter.kernel.display.DisplayData onJJava(Object value) {
    var renderer = new org.dflib.jjava.jupyter.kernel.display.Renderer();
    MimeFormats.ALL.forEach(formats -> JJavaKernel.register(renderer, formats));
    return renderer.render(value);
  }

  private static Object of(org.dflib.jjava.jupyter.kernel.display.DisplayData data, String type) {
    return data.getData(org.dflib.jjava.jupyter.kernel.display.mime.MIMEType.parse(type));
  }

  @Test
  void aTableIsHtmlAndText() {
    DisplayData ijava = onIJava(TABLE);
    assertThat(ijava.getData(MIMEType.TEXT_HTML)).asString().startsWith("<table>");
    assertThat(ijava.getData(MIMEType.TEXT_PLAIN)).asString().startsWith("Results\n config |");
    assertThat(of(onJJava(TABLE), "text/html")).isEqualTo(ijava.getData(MIMEType.TEXT_HTML));
    assertThat(of(onJJava(TABLE), "text/plain")).isEqualTo(ijava.getData(MIMEType.TEXT_PLAIN));
  }

  @Test
  void aChartIsAPictureASpecificationAndText() {
    byte[] png = CHART.png();
    DisplayData ijava = onIJava(CHART);
    assertThat(ijava.getData(MIMEType.TEXT_PLAIN)).isEqualTo(CHART.toString());
    assertThat(ijava.getData(MIMEType.IMAGE_PNG))
        .isEqualTo(Base64.getEncoder().encodeToString(png));
    assertThat(ijava.getData(MIMEType.parse(VegaLite.MIME_TYPE))).isEqualTo(CHART.vegaLite());
    assertThat(ijava.getData(MIMEType.TEXT_MARKDOWN))
        .asString()
        .startsWith("<img alt=\"Speed: bar chart of tokens/s by config&#10;  a: 50.0&#10;")
        .endsWith("src=\"data:image/png;base64," + Base64.getEncoder().encodeToString(png) + "\">");
    assertThat(of(onJJava(CHART), "text/markdown"))
        .isEqualTo(ijava.getData(MIMEType.TEXT_MARKDOWN));
    assertThat(of(onJJava(CHART), "text/plain")).isEqualTo(CHART.toString());
    assertThat(of(onJJava(CHART), "image/png")).isEqualTo(ijava.getData(MIMEType.IMAGE_PNG));
    assertThat(of(onJJava(CHART), VegaLite.MIME_TYPE)).isEqualTo(CHART.vegaLite());
  }

  @Test
  void aPictureHasItsSizeAndAlternativeText() {
    MimeData png =
        MimeFormats.ALL.stream()
            .flatMap(formats -> formats.formats().stream())
            .filter(format -> format.mimeType().equals("image/png"))
            .map(KernelTest::ofTheChart)
            .findFirst()
            .orElseThrow();
    assertThat(png.metadata())
        .containsEntry("width", 640)
        .containsEntry("alt", CHART.toString())
        .containsKey("height");
  }

  @SuppressWarnings("unchecked")
  private static MimeData ofTheChart(Format<?> format) {
    return ((Format<Chart>) format).of(CHART).orElseThrow();
  }

  @Test
  void aFormThatCannotBeMadeLeavesTheOthers() {
    MimeFormats<Integer> look =
        new MimeFormats<>(
            Integer.class,
            List.of(
                new Format<>("image/png", number -> MimeData.of(number / 0)),
                new Format<>("text/html", number -> MimeData.of("<b>" + number + "</b>"))));
    BaseKernel kernel = new Base();
    new IJavaKernel(kernel).register(look);
    DisplayData data = kernel.getRenderer().render(7);
    assertThat(data.hasDataForType(MIMEType.IMAGE_PNG)).isFalse();
    assertThat(data.getData(MIMEType.TEXT_HTML)).isEqualTo("<b>7</b>");
    assertThat(data.getData(MIMEType.TEXT_PLAIN)).isEqualTo("7");
  }

  @Test
  void otherValuesLookAsBefore() {
    assertThat(onIJava("text").getData(MIMEType.TEXT_PLAIN)).isEqualTo("text");
    assertThat(onIJava("text").hasDataForType(MIMEType.TEXT_HTML)).isFalse();
  }

  @Test
  void withoutAKernelNothingHappens() {
    assertThat(Display.kernel()).isEmpty();
    Display.install();
  }

  @Test
  void theJarDoesWithoutEitherKernel() throws ReflectiveOperationException, IOException {
    URL[] others =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(path -> !path.contains("jjava-") && !path.contains("basekernel"))
            .map(KernelTest::url)
            .toArray(URL[]::new);
    try (var loader = new URLClassLoader(others, ClassLoader.getPlatformClassLoader())) {
      for (String kernel :
          List.of(
              "org.dflib.jjava.jupyter.kernel.BaseKernel",
              "io.github.spencerpark.jupyter.kernel.BaseKernel")) {
        assertThatThrownBy(() -> loader.loadClass(kernel))
            .isInstanceOf(ClassNotFoundException.class);
      }
      loader.loadClass(Display.class.getName()).getMethod("install").invoke(null);
      loader.loadClass(ProgressLine.class.getName()).getConstructor().newInstance();
    }
  }

  private static URL url(String path) {
    try {
      return Path.of(path).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
  }
}
