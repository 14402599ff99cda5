package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.ovchat.Slow;
import dev.ovchat.gguf.GgufBuilder;
import dev.ovchat.gguf.TinyGguf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What merged weights are stored as, and that formats are chosen by them. */
@Slow
class AdapterFormatsTest {
  private static final String OUTPUT = "model.layers.0.self_attn.o_proj";
  private static final String DOWN = "model.layers.0.mlp.down_proj";
  private static final String BIN = "openvino_model.bin";

  @TempDir Path folder;
  private Path adapter;

  @BeforeEach
  void makeAdapter() throws IOException {
    adapter = TinyAdapter.lora().linear(OUTPUT, 32, 32).writeTo(folder.resolve("adapter"));
  }

  private Path checkpoint(String type) throws IOException {
    return TinyCheckpoint.of("llama")
        .with("hidden_size", 32)
        .with("intermediate_size", 64)
        .with("head_dim", 16)
        .ofType(type)
        .writeTo(folder.resolve("checkpoint"));
  }

  /** The element type of a matrix's constant. */
  private static String type(Path model, String module) throws IOException {
    Matcher found =
        Pattern.compile(
                "name=\""
                    + Pattern.quote(module)
                    + "\\.weight\"[^>]*>\\s*<data [^>]*element_type=\"(\\w+)\"")
            .matcher(Files.readString(model.resolve("openvino_model.xml")));
    assertThat(found.find()).as(module).isTrue();
    return found.group(1);
  }

  private Path export(Export export, String name) {
    return export.to(folder.resolve(name)).directory();
  }

  /** Matrices with large errors get four bits first; the adapter makes this one's the largest. */
  @Test
  void bitsAreChosenByTheMergedWeights() throws IOException {
    Export plain = Export.of(checkpoint("BF16")).groupSize(16).ratio(0.2);
    assertThat(type(export(plain, "plain"), OUTPUT)).isEqualTo("u8");
    Path merged = export(plain.adapter(adapter, 20), "merged");
    assertThat(type(merged, OUTPUT)).isEqualTo("i4");
  }

  @ParameterizedTest
  @EnumSource(
      value = WeightFormat.class,
      names = {"INT4", "INT8", "FP16", "FP32"})
  void aWeightOfZeroChangesNothing(WeightFormat format) throws IOException {
    Export plain = Export.of(checkpoint("BF16")).weightFormat(format).groupSize(16);
    assertThat(export(plain.adapter(adapter, 0), "zero").resolve(BIN))
        .hasSameBinaryContentAs(export(plain, "plain").resolve(BIN));
  }

  @ParameterizedTest
  @CsvSource({"F32, f32", "F16, f16", "BF16, f16"})
  void weightsThatStayFloats(String type, String stored) throws IOException {
    Export plain = Export.of(checkpoint(type));
    Export original = plain.weightFormat(WeightFormat.ORIGINAL).adapter(adapter);
    Export backup = plain.ratio(0).backupPrecision(BackupPrecision.NONE).adapter(adapter);
    for (Path model : new Path[] {export(original, "original"), export(backup, "backup")}) {
      assertThat(type(model, OUTPUT)).isEqualTo(stored);
      assertThat(type(model, DOWN)).isEqualTo(type.toLowerCase(Locale.ROOT));
    }
  }

  /** The attention's output and the last matrix of its layer in blocks of Q8_0. */
  private Path quantized() throws IOException {
    GgufBuilder file =
        TinyGguf.llama()
            .withoutTensors(List.of("blk.0.attn_output.weight", "blk.0.ffn_down.weight"));
    file.tensor("blk.0.attn_output.weight", 8, new long[] {32, 32}, blocks(32));
    file.tensor("blk.0.ffn_down.weight", 8, new long[] {32, 64}, blocks(64));
    return file.writeTo(folder.resolve("model.gguf"));
  }

  private static byte[] blocks(int count) {
    ByteBuffer blocks = ByteBuffer.allocate(34 * count).order(ByteOrder.LITTLE_ENDIAN);
    Random random = new Random(9);
    for (int block = 0; block < count; block++) {
      blocks.putShort((short) 0x2000); // 2^-7
      for (int i = 0; i < 32; i++) {
        blocks.put((byte) random.nextInt());
      }
    }
    return blocks.array();
  }

  @Test
  void quantizedBlocksBecomeFloatsWhereAnAdapterChangesThem() throws IOException {
    Path model = export(Export.of(quantized()).adapter(adapter), "model");
    assertThat(type(model, OUTPUT)).isEqualTo("f16");
    assertThat(type(model, DOWN)).isEqualTo("i8");
  }

  @Test
  void quantizedBlocksAreRestoredBefore() throws IOException {
    Export export = Export.of(quantized()).weightFormat(WeightFormat.FP32);
    byte[] plain = Files.readAllBytes(export(export, "plain").resolve(BIN));
    byte[] once = Files.readAllBytes(export(export.adapter(adapter), "once").resolve(BIN));
    byte[] twice =
        Files.readAllBytes(export(export.adapter(adapter).adapter(adapter), "twice").resolve(BIN));
    int changed = 0;
    for (int i = 0; i < plain.length; i += Float.BYTES) {
      if (!Arrays.equals(once, i, i + Float.BYTES, plain, i, i + Float.BYTES)) {
        changed++;
        float added = number(once, i) - number(plain, i);
        assertThat(number(twice, i) - number(plain, i)).isCloseTo(2 * added, offset(1e-5f));
      }
    }
    assertThat(changed).isBetween(1000, 32 * 32);
  }

  private static float number(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getFloat(at);
  }
}
