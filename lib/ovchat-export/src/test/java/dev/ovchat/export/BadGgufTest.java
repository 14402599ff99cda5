package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.Slow;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.gguf.GgufBuilder;
import dev.ovchat.gguf.TinyGguf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** GGUF files that cannot be exported are refused in one sentence, and nothing is left. */
class BadGgufTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("model.gguf");
  }

  private void assertRefused(byte[] bytes, String... parts) throws IOException {
    Files.write(file(), bytes);
    assertThatThrownBy(() -> Export.of(file()).to(folder.resolve("model")))
        .isInstanceOfAny(UnusableFileException.class, ExportException.class)
        .message()
        .startsWith(file().toString())
        .contains(parts)
        .endsWith(".")
        .doesNotContain("\n", "Exception");
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file()));
  }

  private static byte[] changed(Consumer<GgufBuilder> change) {
    GgufBuilder file = TinyGguf.llama();
    change.accept(file);
    return file.bytes();
  }

  private static byte[] withNumber(int at, long number, int bytes) {
    byte[] file = TinyGguf.llama().bytes();
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes == 4) {
      buffer.putInt(at, (int) number);
    } else {
      buffer.putLong(at, number);
    }
    return file;
  }

  @Test
  void theTinyOneCanBeExported() throws IOException {
    Files.write(file(), TinyGguf.llama().bytes());
    assertThat(Export.of(file()).to(folder.resolve("model")).directory()).isDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "1, a GGUF file of version 1; versions 2 and 3 are known",
    "4, a GGUF file of version 4; versions 2 and 3 are known",
    "-1, a GGUF file of version 4294967295; versions 2 and 3 are known",
    "0x03000000, a GGUF file for big-endian machines",
    "0x02000000, a GGUF file for big-endian machines",
  })
  void version(String version, String part) throws IOException {
    assertRefused(withNumber(4, Long.decode(version), 4), part);
  }

  @Test
  void aFolderOfGgufFilesIsNoCheckpoint() throws IOException {
    Files.write(file(), TinyGguf.llama().bytes());
    assertThatThrownBy(() -> Export.of(folder).to(folder.resolve("target")))
        .isInstanceOf(UnusableFileException.class)
        .hasMessage(
            "%s holds no model.safetensors and no model.safetensors.index.json, but model.gguf, a GGUF file; to export it, give its own path.",
            folder);
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file()));
  }

  @Test
  void magic() throws IOException {
    byte[] file = TinyGguf.llama().bytes();
    file[0] = 'g';
    assertRefused(file, "is no GGUF file: it does not begin with GGUF");
    assertRefused(new byte[0], "is no GGUF file");
    assertRefused("GGML".getBytes(StandardCharsets.US_ASCII), "is no GGUF file");
    assertRefused("<!DOCTYPE html>".getBytes(StandardCharsets.US_ASCII), "is no GGUF file");
  }

  @ParameterizedTest
  @CsvSource({
    "8, 1000000000, the number of tensors would be 1000000000",
    "8, -1, the number of tensors would be 18446744073709551615",
    "16, 1000000000, the number of metadata entries would be 1000000000",
    "16, -9223372036854775808, the number of metadata entries would be 9223372036854775808",
    "24, 9000000000, the key of metadata entry 0 would be 9000000000 bytes long",
    "24, -2, the key of metadata entry 0 would be 18446744073709551614 bytes long",
  })
  void counts(int at, long number, String part) throws IOException {
    assertRefused(withNumber(at, number, 8), part, "at byte " + at);
  }

  static Stream<Arguments> metadata() {
    return Stream.of(
        bad(
            "is of the architecture gemma4; of GGUF files the export knows llama, qwen2",
            file -> file.with("general.architecture", "gemma4")),
        bad(
            "has no general.architecture in its metadata",
            file -> file.without("general.architecture")),
        bad(
            "general.architecture has to be a text, and is 7",
            file -> file.with("general.architecture", 7)),
        bad("is a LoRA adapter", file -> file.with("general.type", "adapter")),
        bad("is a projector for images or sound", file -> file.with("general.type", "mmproj")),
        bad(
            "is a projector for images or sound",
            file -> file.with("general.architecture", "clip")),
        bad("of the kind imatrix", file -> file.with("general.type", "imatrix")),
        bad("is a mixture of experts", file -> file.with("llama.expert_count", 8)),
        bad("has no llama.embedding_length", file -> file.without("llama.embedding_length")),
        bad(
            "llama.embedding_length has to be a whole number from 1 to 2147483647, and is 0",
            file -> file.with("llama.embedding_length", 0)),
        bad(
            "the tensor model.embed_tokens.weight has the shape [8, 32]",
            file -> file.with("llama.embedding_length", 64)),
        bad(
            "llama.attention.head_count has to be a divisor of embedding_length",
            file -> file.with("llama.attention.head_count", 3)),
        bad(
            "llama.attention.head_count_kv has to be the same number for all layers",
            file -> file.with("llama.attention.head_count_kv", List.of(1, 2))),
        bad(
            "llama.attention.value_length has to be attention.key_length, 16, and is 8",
            file ->
                file.with("llama.attention.key_length", 16)
                    .with("llama.attention.value_length", 8)),
        bad("a finite number", file -> file.with("llama.rope.freq_base", Float.NaN)),
        bad(
            "rotary embedding of type strange",
            file -> file.with("llama.rope.scaling.type", "strange")),
        bad(
            "llama.rope.dimension_count has to be the size of a head, 16, and is 8",
            file -> file.with("llama.rope.dimension_count", 8)),
        bad(
            "llama.rope.dimension_count has to be an even number from 2 to the size of a head, 15",
            file ->
                file.with("llama.attention.key_length", 15)
                    .with("llama.attention.value_length", 15)),
        bad(
            "the tensor rope_freqs.weight has the shape [7]; by its metadata it would have [8]",
            file -> file.floats("rope_freqs.weight", new long[] {7}, new float[7])),
        bad(
            "has no tensor rope_factors_long.weight",
            file -> file.floats("rope_factors_short.weight", new long[] {8}, new float[8])),
        bad(
            "general.alignment has to be a power of two up to 1048576, and is 48",
            file -> file.with("general.alignment", 48)),
        bad("has no tokenizer.ggml.tokens", file -> file.without("tokenizer.ggml.tokens")),
        bad(
            "tokenizer.ggml.tokens has to be a list of texts, and is [1, 2]",
            file -> file.with("tokenizer.ggml.tokens", List.of(1, 2))),
        bad(
            "the tokens 0 and 2 are both a",
            file -> file.with("tokenizer.ggml.tokens", List.of("a", "b", "a"))),
        bad(
            "tokenizer.ggml.token_type has to be a list of 8",
            file -> file.with("tokenizer.ggml.token_type", List.of(1, 1))),
        bad("has no tokenizer.ggml.merges", file -> file.without("tokenizer.ggml.merges")),
        bad(
            "pairs of tokens whose union is a token, and is a x",
            file -> file.with("tokenizer.ggml.merges", List.of("a b", "a x"))),
        bad(
            "pairs of tokens whose union is a token, and is b a",
            file -> file.with("tokenizer.ggml.merges", List.of("b a"))),
        bad(
            "pairs of tokens whose union is a token, and is ab",
            file -> file.with("tokenizer.ggml.merges", List.of("ab"))),
        bad(
            "tokenizer.ggml.eos_token_id has to be an id from 0 to 7, and is 8",
            file -> file.with("tokenizer.ggml.eos_token_id", 8)),
        bad(
            "tokenizer.ggml.tokens has to be a list of at most 8, one for each row of"
                + " token_embd.weight, and is 9",
            file ->
                file.without("tokenizer.ggml.token_type")
                    .with(
                        "tokenizer.ggml.tokens",
                        List.of("a", "b", "c", "d", "ab", "Ġ", "Ġa", "e", "<|end|>"))),
        bad(
            "tokenizer.chat_template has to be a text of at most 1000000 characters",
            file -> file.with("tokenizer.chat_template", "{{ 1 }}".repeat(200_000))),
        bad(
            "tokenizer.chat_template.… has to be a name of letters, digits, _ and -, and is ../a",
            file -> file.with("tokenizer.chat_template.../a", "{{ 1 }}")),
        bad(
            "tokenizer.chat_template would be 4200000 bytes long",
            file -> file.with("tokenizer.chat_template", "{{ 1 }}".repeat(600_000))),
        bad(
            "has a vocabulary of the kind t5 (tokenizer.ggml.model); the export knows gpt2",
            file -> file.with("tokenizer.ggml.model", "t5")),
        bad(
            "does not say by which rules it cuts texts (tokenizer.ggml.pre)",
            file -> file.without("tokenizer.ggml.pre")),
        bad(
            "cuts texts by the rules new-2027 (tokenizer.ggml.pre); the export knows a.x-4.0, ",
            file -> file.with("tokenizer.ggml.pre", "new-2027")),
        bad("has no tokenizer.ggml.scores", file -> file.with("tokenizer.ggml.model", "llama")),
        bad(
            "tokenizer.ggml.tokens has to be a list of texts of at most 1000 characters",
            file ->
                file.with("tokenizer.ggml.model", "llama")
                    .with("tokenizer.ggml.scores", List.of(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f))
                    .with(
                        "tokenizer.ggml.tokens",
                        List.of("a", "b", "c", "d", "ab".repeat(2_000_000), "e", "f", "<|end|>"))),
        bad(
            "has no tokenizer.ggml.bos_token_id",
            file ->
                file.without("tokenizer.ggml.bos_token_id")
                    .with("tokenizer.ggml.add_bos_token", true)),
        bad(
            "has no tensor model.layers.0.mlp.up_proj.weight",
            file -> file.withoutTensors(List.of("blk.0.ffn_up.weight"))),
        bad(
            "holds the tensor model.norm.weight twice",
            file -> file.floats("model.norm.weight", new long[] {1}, 1f)),
        bad(
            "holds the tensor model.layers.0.self_attn.o_proj.bias, which the export does not know",
            file -> file.floats("blk.0.attn_output.bias", new long[] {32}, new float[32])),
        bad(
            "holds the tensor model.layers.0.mlp.down_proj.bias, which the export does not know",
            file -> file.floats("blk.0.ffn_down.bias", new long[] {32}, new float[32])),
        bad(
            "holds the tensor output.bias, which the export does not know in a model of the",
            file -> file.floats("output.bias", new long[] {8}, new float[8])),
        bad(
            "holds the tensor model.layers.1.mlp.up_proj.weight, which the export does not know",
            file -> file.floats("blk.1.ffn_up.weight", new long[] {64, 32}, new float[2048])),
        bad(
            "holds the tensor any, which the export does not know",
            file -> file.tensor("any", 77, new long[] {32}, new byte[64])),
        bad(
            "has the type IQ4_XS; the export knows F32, F16",
            file ->
                file.withoutTensors(List.of("output_norm.weight"))
                    .tensor("output_norm.weight", 23, new long[] {32}, new byte[64])),
        bad(
            "has the type number 77; the export knows F32, F16",
            file ->
                file.withoutTensors(List.of("output_norm.weight"))
                    .tensor("output_norm.weight", 77, new long[] {32}, new byte[64])),
        bad(
            "is a vector of the type Q8_0, whose values cannot be brought into order",
            file ->
                file.tensor("blk.0.attn_q.bias", 8, new long[] {32}, new byte[34])
                    .floats("blk.0.attn_k.bias", new long[] {16}, new float[16])),
        bad(
            "the tensor any has rows of 33 weights, which are no whole blocks of Q8_0",
            file -> file.tensor("any", 8, new long[] {33}, new byte[64])),
        bad(
            "the tensor any has the shape [0]",
            file -> file.tensor("any", 0, new long[] {0}, new byte[64])),
        bad(
            "the tensor any has the shape [4611686018427387904, 4]",
            file -> file.tensor("any", 0, new long[] {1L << 62, 4}, new byte[64])),
        bad(
            "is cut off: it has",
            file -> file.tensor("any", 0, new long[] {1L << 40, 4}, new byte[64])),
        bad(
            "the tensor any has 5 axes; at most 4 are known",
            file -> file.tensor("any", 0, new long[] {1, 1, 1, 1, 1}, new byte[64])),
        bad(
            "the tensor token_embd.weight is there twice",
            file -> file.floats("token_embd.weight", new long[] {1}, 1f)),
        bad(
            "is one of 3 parts of a model and is not called so",
            file -> file.with("split.count", 3)));
  }

  private static Arguments bad(String part, Consumer<GgufBuilder> change) {
    return Arguments.of(part, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void metadata(String part, Consumer<GgufBuilder> change) throws IOException {
    assertRefused(changed(change), part);
  }

  @Test
  void listsOfLists() throws IOException {
    byte[] file = changed(any -> any.with("x", List.of(1)));
    int at = new String(file, StandardCharsets.ISO_8859_1).indexOf("x\t\0\0\0") + 5;
    file[at] = 9;
    assertRefused(file, "the metadata entry x holds lists of lists");
  }

  @Test
  void typesOfEntries() throws IOException {
    byte[] file = changed(any -> any.with("xyz", 1));
    int at = new String(file, StandardCharsets.ISO_8859_1).indexOf("xyz\4\0\0\0") + 3;
    file[at] = 13;
    assertRefused(file, "the metadata entry xyz has the type 13, which there is not");
  }

  @Test
  void textsThatAreNoUtf8() throws IOException {
    byte[] file = changed(any -> any.with("xyz", "wrong"));
    int at = new String(file, StandardCharsets.ISO_8859_1).indexOf("wrong");
    file[at] = (byte) 0xFF;
    assertRefused(file, "xyz is no UTF-8");
  }

  @Slow
  @Test
  void aFileThatIsCutOffAnywhere() throws IOException {
    byte[] file = TinyGguf.llama().bytes();
    for (int length = 4; length < file.length; length += length < 1500 ? 1 : 97) {
      assertRefused(Arrays.copyOf(file, length), "");
    }
  }

  /** Whatever one byte becomes, there is a model or a sentence. */
  @Slow
  @Test
  void aByteThatIsChanged() throws IOException {
    byte[] file = TinyGguf.llama().bytes();
    Random random = new Random(3);
    for (int round = 0; round < 150; round++) {
      byte[] changed = file.clone();
      changed[random.nextInt(1800)] = (byte) random.nextInt(256);
      Files.write(file(), changed);
      Path target = folder.resolve("model" + round);
      try {
        Export.of(file()).to(target);
      } catch (UnusableFileException
          | ExportException
          | dev.ovchat.config.GenerationException
          | dev.ovchat.text.TokenizerException e) {
        assertThat(e.getMessage()).endsWith(".").doesNotContain("Exception");
        assertThat(target).doesNotExist();
      }
    }
  }

  @Test
  void furtherChatTemplatesAreFiles() throws IOException {
    TinyGguf.llama()
        .with("tokenizer.chat_template", "usual")
        .with("tokenizer.chat_template.tool_use", "with tools")
        .writeTo(file());
    Path model = Export.of(file()).to(folder.resolve("model")).directory();
    assertThat(model.resolve("chat_template.jinja")).hasContent("usual");
    assertThat(model.resolve("additional_chat_templates/tool_use.jinja")).hasContent("with tools");
  }

  @Test
  void partsOfASplitModel() throws IOException {
    List<String> all = TinyGguf.llama().tensorNames();
    Path first = folder.resolve("m-00001-of-00002.gguf");
    Path second = folder.resolve("m-00002-of-00002.gguf");
    part(0, all.subList(0, 4)).writeTo(first);
    assertThatThrownBy(() -> Export.of(first).to(folder.resolve("model")))
        .isInstanceOf(UnusableFileException.class)
        .hasMessage(
            "%s is missing, a part of the same model as %s; download it too.",
            second, first.getFileName());

    part(0, all.subList(4, all.size())).writeTo(second);
    assertThatThrownBy(() -> Export.of(first).to(folder.resolve("model")))
        .hasMessageContaining("is part 2 of its model by its name, and part 1 by its metadata");

    part(1, all.subList(4, all.size())).writeTo(second);
    Export.of(second).to(folder.resolve("model")); // any part names the model
    TinyGguf.llama().writeTo(file());
    Export.of(file()).to(folder.resolve("whole"));
    assertThat(folder.resolve("model/openvino_model.bin"))
        .hasSameBinaryContentAs(folder.resolve("whole/openvino_model.bin"));
  }

  /** A part that holds the tensors of these names; the first alone has all metadata. */
  private static GgufBuilder part(int number, List<String> names) {
    GgufBuilder part = TinyGguf.llama();
    part.withoutTensors(part.tensorNames().stream().filter(name -> !names.contains(name)).toList());
    if (number > 0) {
      part.metadata().clear();
    }
    return part.with("split.no", number).with("split.count", 2);
  }
}
