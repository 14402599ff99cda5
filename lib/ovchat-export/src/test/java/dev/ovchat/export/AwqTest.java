package dev.ovchat.export;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.Slow;
import dev.ovchat.decoder.DecoderConfig;
import dev.ovchat.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/** What data-free AWQ changes, and what it leaves. */
@Slow
class AwqTest {
  private static final String BIN = "openvino_model.bin";
  private static final String XML = "openvino_model.xml";

  @TempDir Path folder;

  private Path checkpoint() throws IOException {
    return TinyCheckpoint.of("llama").writeTo(folder.resolve("checkpoint"));
  }

  @ParameterizedTest
  @EnumSource(
      names = {"INT4", "NF4", "CB4", "ORIGINAL"},
      mode = Mode.EXCLUDE)
  void isForFourBitsWithFreeScales(WeightFormat format) throws IOException {
    Export export = Export.of(checkpoint()).weightFormat(format);
    assertThatThrownBy(() -> export.awq(true))
        .isInstanceOf(ExportException.class)
        .hasMessage(
            "AWQ is for weights of four bits that have a scale of any size, and the weight format"
                + " is %s; leave out awq, or take int4, nf4 or cb4.",
            format.toString().toLowerCase(Locale.ROOT));
  }

  @Test
  void weightsThatStayAreRefusedWhenTheExportRuns() throws IOException {
    Export export = Export.of(checkpoint()).weightFormat(WeightFormat.ORIGINAL).awq(true);
    assertThatThrownBy(() -> export.to(folder.resolve("model")))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("the weight format is original; leave out awq");
    export.weightFormat(WeightFormat.INT4).groupSize(-1).to(folder.resolve("model"));
  }

  /** No down_proj has four bits at a ratio of 0: the model is the one without AWQ. */
  @Test
  void nothingIsScaledThatDoesNotGetFourBits() throws IOException {
    Export export = Export.of(checkpoint()).groupSize(-1).ratio(0);
    export.to(folder.resolve("without"));
    export.awq(true).to(folder.resolve("with"));
    assertThat(folder.resolve("with").resolve(BIN))
        .hasSameBinaryContentAs(folder.resolve("without").resolve(BIN));
  }

  static List<ArchitecturesTest.Case> architectures() throws IOException {
    return ArchitecturesTest.cases();
  }

  /** Also in the families that the documented command does not export. */
  @ParameterizedTest
  @MethodSource("architectures")
  void scalesOneMatrixOfALayerAndWhatMakesItsFeatures(ArchitecturesTest.Case golden)
      throws IOException {
    Path source = Files.createDirectory(folder.resolve("checkpoint"));
    Export export = Export.of(ArchitecturesTest.checkpoint(golden, source)).ratio(1).groupSize(16);
    export.to(folder.resolve("plain"));
    export.awq(true).to(folder.resolve("scaled"));
    Map<String, String> plain = ExportedConstants.digests(folder.resolve("plain"));
    Map<String, String> scaled = ExportedConstants.digests(folder.resolve("scaled"));
    DecoderConfig config = DecoderConfig.read(source);

    Set<String> expected = new TreeSet<>();
    for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
      boolean hasExperts = config.experts().get(layer).isPresent();
      if (golden.checkpoint().startsWith("gpt-oss")) {
        continue; // whose experts stay as they are
      }
      String part = "model.layers." + layer + (hasExperts ? ".mlp.experts." : ".mlp.");
      boolean isInTheGraph = config.feedForwardBias() || golden.checkpoint().startsWith("phi");
      expected.add(part + "down_proj");
      expected.add(part + (isInTheGraph ? "awq" : "up_proj"));
    }
    assertThat(changed(plain, scaled)).isEqualTo(expected);
    assertThat(folder.resolve("scaled").resolve(XML)).content().contains("awq=true");
  }

  /** The parts whose constants differ. */
  private static Set<String> changed(Map<String, String> plain, Map<String, String> scaled) {
    assertThat(scaled.keySet()).containsAll(plain.keySet());
    return scaled.keySet().stream()
        .filter(name -> !scaled.get(name).equals(plain.get(name)))
        .map(name -> name.replaceFirst("(\\.weight)?(/.*)?$", ""))
        .collect(toCollection(TreeSet::new));
  }

  static List<ArchitecturesTest.Case> scaledInTheGraph() throws IOException {
    return architectures().stream()
        .filter(each -> Set.of("phi3", "llama-biases").contains(each.checkpoint()))
        .toList();
  }

  /** Weights that are scaled back are compared with NNCF's; here it is the graph that counts. */
  @ParameterizedTest
  @MethodSource("scaledInTheGraph")
  void theModelIsTheSameButForRounding(ArchitecturesTest.Case golden) throws IOException {
    Path source = Files.createDirectory(folder.resolve("checkpoint"));
    Export export = Export.of(ArchitecturesTest.checkpoint(golden, source)).ratio(1).groupSize(16);
    export.to(folder.resolve("plain"));
    export.awq(true).to(folder.resolve("scaled"));
    assertThat(distance(golden, folder.resolve("scaled")))
        .isLessThan(1.5 * distance(golden, folder.resolve("plain")));
  }

  /** From transformers' logits of the checkpoint, over the tokens of which they are known. */
  private static double distance(ArchitecturesTest.Case golden, Path model) {
    float[][] logits = ArchitecturesTest.logits(model, golden.ids());
    double squares = 0;
    for (Map.Entry<Integer, List<Float>> token : golden.logits().entrySet()) {
      for (int i = 0; i < token.getValue().size(); i++) {
        double difference = logits[token.getKey()][i] - token.getValue().get(i);
        squares += difference * difference;
      }
    }
    return Math.sqrt(squares);
  }

  @Test
  void progressCountsTheMatricesThatAreMeasured() throws IOException {
    List<Progress> all = new ArrayList<>();
    Export.of(checkpoint())
        .groupSize(-1)
        .ratio(0.6)
        .awq(true)
        .progress(all::add)
        .to(folder.resolve("model"));
    Progress last = all.get(all.size() - 1);
    assertThat(last.done()).isEqualTo(last.total());
  }
}
