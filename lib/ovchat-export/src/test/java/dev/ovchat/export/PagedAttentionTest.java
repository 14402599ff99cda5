package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.Slow;
import dev.ovchat.cache.CausalSession;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.generate.CacheLayout;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.CompiledModel;
import dev.ovchat.openvino.Device;
import dev.ovchat.openvino.IrModel;
import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An export computes the same with its cache in blocks, whatever its architecture. */
@Slow
class PagedAttentionTest {
  private static final Map<String, String> ACCURATE =
      Map.of("EXECUTION_MODE_HINT", "ACCURACY", "PERFORMANCE_HINT", "LATENCY");

  private static final int[] TEXT = IntStream.range(0, 100).map(i -> i * i % 11).toArray();

  /** Of the text a chunk is read first, then single tokens, and more after some were taken back. */
  private static final int CHUNK = 45;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "llama, null",
    "mistral, null",
    "mistral, 20",
    "qwen2, null",
    "qwen3, null",
    "qwen3_moe, null",
    "ministral, 20",
    "ministral3, null",
    "smollm3, null",
    "granite, null",
    "granitemoe, null",
    "gpt_oss, 20",
    "minicpm, null",
    "olmo2, null",
    "gemma3_text, 20",
    "exaone4, 20",
    "hunyuan_v1_dense, null",
    "phi3, null",
    "phi3, 20"
  })
  void givesTheSameLogits(String architecture, String window) throws IOException {
    var checkpoint =
        TinyCheckpoint.of(architecture)
            .with("max_position_embeddings", 128)
            .with("hidden_size", 32)
            .with("head_dim", 16)
            .with("sliding_window", window);
    Path model = folder.resolve("model");
    Export.of(checkpoint.writeTo(folder)).weightFormat(WeightFormat.FP32).to(model);
    IrModel graph = IrModel.read(model.resolve("openvino_model.xml"), "");
    Device cpu = Device.of("CPU");
    float[][] expected;
    try (var compiled =
        CompiledModel.compile(graph.file(), graph.withLogitPositions(), cpu, ACCURATE)) {
      expected = inOnePass(compiled);
    }
    try (var compiled =
        CompiledModel.compilePaged(graph.file(), graph.withPagedLogitPositions(), cpu, ACCURATE)) {
      assertSame(inOnePass(compiled), expected);
      assertSame(stepByStep(compiled), expected);
    }
  }

  /** Attention with soft caps is no single operation, of which blocks could be made. */
  @Test
  void softCapsAreRefused() throws IOException {
    var checkpoint = TinyCheckpoint.of("gemma2").with("sliding_window", 20);
    Path model = folder.resolve("model");
    Export.of(checkpoint.writeTo(folder)).weightFormat(WeightFormat.FP32).to(model);
    assertThatThrownBy(
            () -> CausalLM.load(model, Device.of("CPU"), ACCURATE, CacheLayout.PAGED).close())
        .isInstanceOf(GenerationException.class)
        .hasMessage(
            "The model's attention cannot be paged: its graph has no operation"
                + " ScaledDotProductAttention. Load it without CacheLayout.PAGED, and call generate"
                + " or batchGenerate instead of a queue.");
    try (var loaded = CausalLM.load(model, Device.of("CPU"), ACCURATE)) {
      TokenIds prompt = TokenIds.of(1, 2, 3);
      var config = GenerationConfig.defaults().doSample(false).maxNewTokens(5);
      List<TokenIds> nine = Collections.nCopies(9, prompt);
      TokenIds alone = loaded.generate(prompt, config).ids();
      assertThat(loaded.batchGenerate(nine, config))
          .allSatisfy(one -> assertThat(one.ids()).isEqualTo(alone));
    }
  }

  private static float[][] inOnePass(CompiledModel compiled) {
    try (var session = CausalSession.of(compiled, 1)) {
      assertThat(session.read(new int[][] {TEXT}, TEXT.length, () -> false)).isTrue();
      return IntStream.range(0, TEXT.length)
          .mapToObj(index -> session.logits(0, index).clone())
          .toArray(float[][]::new);
    }
  }

  private static float[][] stepByStep(CompiledModel compiled) {
    float[][] logits = new float[TEXT.length][];
    try (var session = CausalSession.of(compiled, 1)) {
      session.read(new int[][] {Arrays.copyOf(TEXT, CHUNK)}, CHUNK, () -> false);
      IntStream.range(0, CHUNK).forEach(i -> logits[i] = session.logits(0, i).clone());
      for (int i = CHUNK; i < TEXT.length; i++) {
        session.read(new int[][] {{1, 2, 3}}, 1, () -> false);
        session.rollBack(3); // as if they had never been read
        session.read(new int[][] {{TEXT[i]}}, 1, () -> false);
        logits[i] = session.logits(0, 0).clone();
      }
    }
    return logits;
  }

  private static void assertSame(float[][] logits, float[][] expected) {
    for (int i = 0; i < expected.length; i++) {
      for (int j = 0; j < expected[i].length; j++) {
        assertThat(logits[i][j])
            .as("logit %d after token %d", j, i)
            .isCloseTo(expected[i][j], Offset.offset(1e-5f));
      }
    }
  }
}
