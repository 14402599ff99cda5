package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ovchat.Moments;
import dev.ovchat.gguf.TinyGguf;
import dev.ovchat.progress.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Matrices that are left as they are; {@link PrecisionsGoldenTest} compares with NNCF. */
class IgnoredScopeTest {
  /**
   * Weights of the tiny checkpoint: q and o of 16 × 16, k and v of 8 × 16, an MLP of 3 × 24 × 16.
   */
  private static final long ATTENTION = 2 * 256 + 2 * 128;

  private static final long LAYER = ATTENTION + 3 * 384;
  private static final long EMBEDDING = 12 * 16;

  @TempDir private Path folder;

  private Path checkpoint() throws IOException {
    return TinyCheckpoint.of("llama").writeTo(folder.resolve("checkpoint"));
  }

  private Map<String, Long> weights(Export export) {
    return export.to(folder.resolve("model")).weights();
  }

  @Test
  void layersOfANameAreLeftAsTheyAre() throws IOException {
    Export export = Export.of(checkpoint()).groupSize(8).ratio(1);
    assertThat(weights(export.ignoredScope("model[.]layers[.]1[.]")))
        .containsOnly(
            Map.entry("INT8_ASYM", 2 * EMBEDDING),
            Map.entry("INT4_SYM", LAYER),
            Map.entry("BF16", LAYER));
  }

  @Test
  void patternsAddUpAndMatchFromTheBeginningOfAName() throws IOException {
    Export export =
        Export.of(checkpoint())
            .weightFormat(WeightFormat.INT8)
            .ignoredScope(".*self_attn.*")
            .ignoredScope("(lm_head|layers)");
    assertThat(export.toString())
        .contains("awq=false, ignoredScope=[.*self_attn.*, (lm_head|layers)]]");
    assertThat(weights(export))
        .containsOnly(
            Map.entry("INT8_SYM", EMBEDDING + 2 * (LAYER - ATTENTION)),
            Map.entry("BF16", EMBEDDING + 2 * ATTENTION));
  }

  @Test
  void allMayBeLeftAsTheyAre() throws IOException {
    assertThat(weights(Export.of(checkpoint()).ignoredScope("")))
        .containsOnly(Map.entry("BF16", 2 * (EMBEDDING + LAYER)));
  }

  @Test
  void anEmbeddingThatIsTheLastLayerIsOneMatrix() throws IOException {
    Path tied =
        TinyCheckpoint.of("llama")
            .with("tie_word_embeddings", true)
            .writeTo(folder.resolve("tied"));
    Export export = Export.of(tied).groupSize(8).ratio(1);
    assertThat(weights(export.ignoredScope("model[.]embed_tokens")))
        .containsOnly(Map.entry("BF16", EMBEDDING), Map.entry("INT4_SYM", 2 * LAYER));
  }

  @Test
  void blocksOfAGgufFileStayIntegers() throws IOException {
    Path file =
        TinyGguf.llama()
            .withoutTensors(List.of("blk.0.attn_output.weight", "blk.0.ffn_down.weight"))
            .tensor("blk.0.attn_output.weight", 8, new long[] {32, 32}, blocks(32))
            .tensor("blk.0.ffn_down.weight", 8, new long[] {32, 64}, blocks(64))
            .writeTo(folder.resolve("model.gguf"));
    List<Progress> told = new ArrayList<>();
    Path directory = folder.resolve("model");
    Export.of(file)
        .weightFormat(WeightFormat.INT4)
        .groupSize(32)
        .ratio(0.5)
        .ignoredScope(".*o_proj")
        .progress(told::add)
        .to(directory);
    String graph = Files.readString(directory.resolve("openvino_model.xml"));
    assertThat(graph)
        .containsPattern("o_proj\\.weight\"[^>]*>\\s*<data element_type=\"i8\" shape=\"32, 1, 32\"")
        .containsPattern("down_proj\\.weight\"[^>]*>\\s*<data element_type=\"[iu][48]\"")
        .contains("ignoredScope=[.*o_proj]");
    Progress last = told.get(told.size() - 1);
    assertThat(last.done()).isEqualTo(last.total());
  }

  /** Blocks of Q8_0. */
  private static byte[] blocks(int count) {
    ByteBuffer blocks = ByteBuffer.allocate(34 * count).order(ByteOrder.LITTLE_ENDIAN);
    while (blocks.hasRemaining()) {
      blocks.putShort((short) 0x2000); // 2^-7
      for (int i = 0; i < 32; i++) {
        blocks.put((byte) (7 * i - 112));
      }
    }
    return blocks.array();
  }

  @Test
  void refusesWhatMatchesNothing() throws IOException {
    Export export = Export.of(checkpoint()).groupSize(8).ignoredScope("layers");
    assertThatThrownBy(() -> export.to(folder.resolve("refused")))
        .isInstanceOf(ExportException.class)
        .hasMessage(
            "ignoredScope is \"layers\", which matches the name of none of the model's matrices; they have names such as model.layers.1.self_attn.q_proj.weight.");
    assertThat(folder.resolve("refused")).doesNotExist();
  }

  /** The groups can share a name's letters in so many ways that the match would take years. */
  @Test
  void aMatchWithoutEndCanBeInterrupted() throws IOException, InterruptedException {
    Export export = Export.of(checkpoint()).groupSize(8).ignoredScope("((\\w+)[.]?)+\\1bias");
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> thrown.set(catchThrowable(() -> export.to(folder.resolve("interrupted")))));
    caller.setDaemon(true);
    caller.start();
    while (caller.isAlive() && !isMatching(caller)) {
      Thread.sleep(1);
    }
    caller.interrupt();
    caller.join(Moments.LONG.toMillis());
    assertThat(thrown.get())
        .isInstanceOf(ExportException.class)
        .hasMessage("The export was interrupted; nothing is left of it.");
    assertThat(folder.resolve("interrupted")).doesNotExist();
  }

  private static boolean isMatching(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(frame -> frame.getMethodName().equals("lookingAt"));
  }

  @Test
  void refusesWhatIsNoRegularExpression() {
    Export export = Export.of(Path.of("checkpoint"));
    assertThatThrownBy(() -> export.ignoredScope("model.layers.(0|1"))
        .isInstanceOf(ExportException.class)
        .hasMessage(
            "ignoredScope is \"model.layers.(0|1\", which is not a regular expression of Java's (Unclosed group); take one that matches names of matrices, such as \".*self_attn.*\".");
  }
}
