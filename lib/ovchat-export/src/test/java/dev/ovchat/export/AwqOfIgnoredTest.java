package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.gguf.GgufBuilder;
import dev.ovchat.gguf.TinyGguf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** AWQ scales no matrix whose product with its features would change by it. */
class AwqOfIgnoredTest {
  private static final String UP = "model.layers.0.mlp.up_proj.weight";
  private static final String DOWN = "model.layers.0.mlp.down_proj.weight";

  @TempDir Path folder;

  /** Integers that stay cannot be scaled, nor take a scale back. */
  @ParameterizedTest
  @CsvSource({"llama, .*down_proj", "llama, .*up_proj", "phi3, .*layers[.]0[.].*"})
  void whereIntegersStayNeitherMatrixIsScaled(String architecture, String ignored)
      throws IOException {
    GgufBuilder file = architecture.equals("phi3") ? phi3() : llama();
    assertThat(changed(export(file).ignoredScope(ignored))).isEmpty();
  }

  @Test
  void integersThatAreMadeAnewAreScaled() throws IOException {
    assertThat(changed(export(llama()))).containsExactlyInAnyOrder(UP, DOWN);
    assertThat(changed(export(phi3()))).contains(DOWN).doesNotContain(UP);
  }

  /** As in NNCF, which ignores a matrix for the compression alone. */
  @Test
  void ignoredFloatsTakeAScaleBack() throws IOException {
    Export export = export(TinyGguf.llama());
    assertThat(changed(export.ignoredScope(".*up_proj"))).containsExactlyInAnyOrder(UP, DOWN);
    assertThat(changed(export.ignoredScope(".*down_proj"))).isEmpty();
  }

  private Export export(GgufBuilder file) throws IOException {
    return Export.of(file.writeTo(folder.resolve("model.gguf")))
        .weightFormat(WeightFormat.INT4)
        .groupSize(32)
        .ratio(1);
  }

  /** The matrices, and factors of features, that AWQ changes. */
  private Set<String> changed(Export export) throws IOException {
    String name = "of " + folder.toFile().list().length;
    Map<String, String> plain =
        ExportedConstants.digests(export.to(folder.resolve(name)).directory());
    Map<String, String> scaled =
        ExportedConstants.digests(
            export.awq(true).to(folder.resolve(name + " with AWQ")).directory());
    return scaled.keySet().stream()
        .filter(constant -> !scaled.get(constant).equals(plain.get(constant)))
        .map(constant -> constant.replaceFirst("/(scale|zero_point)$", ""))
        .collect(Collectors.toSet());
  }

  private static GgufBuilder llama() {
    return TinyGguf.llama()
        .withoutTensors(List.of("blk.0.ffn_up.weight", "blk.0.ffn_down.weight"))
        .tensor("blk.0.ffn_up.weight", 3, new long[] {64, 32}, blocks(64))
        .tensor("blk.0.ffn_down.weight", 3, new long[] {32, 64}, blocks(64));
  }

  /** The same with query, key and value in one matrix, and gate and up. */
  private static GgufBuilder phi3() {
    GgufBuilder file = llama().with("general.architecture", "phi3");
    new TreeMap<>(file.metadata())
        .forEach(
            (key, value) -> {
              if (key.startsWith("llama.")) {
                file.without(key).with(key.replaceFirst("llama", "phi3"), value);
              }
            });
    return file.withoutTensors(
            List.of(
                "blk.0.attn_q.weight",
                "blk.0.attn_k.weight",
                "blk.0.attn_v.weight",
                "blk.0.ffn_gate.weight",
                "blk.0.ffn_up.weight"))
        .tensor("blk.0.attn_qkv.weight", 3, new long[] {64, 32}, blocks(64))
        .tensor("blk.0.ffn_up.weight", 3, new long[] {128, 32}, blocks(128));
  }

  /** Blocks of Q4_1 whose zero is the integer 8: they are carried over as u4. */
  private static byte[] blocks(int count) {
    ByteBuffer blocks = ByteBuffer.allocate(20 * count).order(ByteOrder.LITTLE_ENDIAN);
    while (blocks.hasRemaining()) {
      blocks.putShort((short) 0x2400); // 2^-6
      blocks.putShort((short) 0xb000); // -8 · 2^-6
      for (int i = 0; i < 16; i++) {
        blocks.put((byte) (37 * blocks.position() + i));
      }
    }
    return blocks.array();
  }
}
