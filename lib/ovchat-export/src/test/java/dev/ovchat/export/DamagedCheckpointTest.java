package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.Slow;
import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A checkpoint that is not what it has to be: one sentence says why, and nothing is written. */
@Slow
class DamagedCheckpointTest {
  @TempDir Path folder;
  private Path place;
  private Path weights;

  @BeforeEach
  void makePlace() throws IOException {
    place = Files.createDirectory(folder.resolve("place"));
    weights = folder.resolve("checkpoint/model.safetensors");
  }

  private Path write(TinyCheckpoint checkpoint) throws IOException {
    return checkpoint.writeTo(weights.getParent());
  }

  private Export export() {
    return Export.of(weights.getParent()).weightFormat(WeightFormat.INT8);
  }

  private void assertRefused(Class<? extends Exception> type, String message) {
    assertRefused(export(), type, message);
  }

  private void assertRefused(Export export, Class<? extends Exception> type, String message) {
    assertThatThrownBy(() -> export.to(place.resolve("model")))
        .isInstanceOf(type)
        .hasMessage(message.replace("DIR", weights.getParent().toString()));
    assertThat(place).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "llama, model.embed_tokens.weight",
    "llama, model.norm.weight",
    "llama, model.layers.1.self_attn.k_proj.weight",
    "qwen2, model.layers.0.self_attn.v_proj.bias",
    "qwen3, model.layers.1.self_attn.k_norm.weight",
    "qwen3_moe, model.layers.1.mlp.gate.weight",
    "phi3, model.layers.1.mlp.gate_up_proj.weight",
  })
  void aMissingTensor(String modelType, String tensor) throws IOException {
    TinyCheckpoint checkpoint = TinyCheckpoint.of(modelType);
    checkpoint.tensors().remove(tensor);
    write(checkpoint);
    assertRefused(
        UnusableFileException.class,
        "The checkpoint DIR has no tensor %s; copy config.json and the weights from the same model."
            .formatted(tensor));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "qwen3_moe|model.layers.1.mlp.experts.1.up_proj.weight||The checkpoint DIR has the expert 2"
            + " of model.layers.1.mlp.experts.up_proj.weight, and not all before it; copy all of the"
            + " weights from where the model comes from.",
        "qwen3_moe|model.layers.1.mlp.experts.2.up_proj.weight|24,8|DIR/model.safetensors: the"
            + " tensor model.layers.1.mlp.experts.2.up_proj.weight is [24, 8] of BF16, and that of"
            + " another expert, model.layers.1.mlp.experts.0.up_proj.weight, [24, 16] of BF16; copy"
            + " all files from the same model.",
        "granitemoe|model.layers.0.block_sparse_moe.input_linear.weight|3,47,16|"
            + "DIR/model.safetensors: the tensor model.layers.0.block_sparse_moe.input_linear.weight"
            + " has the shape [3, 47, 16]; it would have [experts, twice the rows, columns]. Copy all"
            + " files from the same model.",
        "qwen3_moe|model.layers.0.mlp.experts.down_proj|3,16,24|The checkpoint DIR has the weights"
            + " model.layers.0.mlp.experts.down_proj.weight in two forms; take one that one version"
            + " of transformers wrote.",
      })
  void expertsThatAreNotThose(String modelType, String tensor, String shape, String message)
      throws IOException {
    TinyCheckpoint checkpoint = TinyCheckpoint.of(modelType);
    if (shape == null) {
      checkpoint.tensors().remove(tensor);
    } else {
      long[] dims = Arrays.stream(shape.split(",")).mapToLong(Long::parseLong).toArray();
      checkpoint.tensors().put(tensor, dims);
    }
    write(checkpoint);
    assertRefused(UnusableFileException.class, message);
  }

  @Test
  void aTiedLastLayerIsNotAskedFor() throws IOException {
    write(TinyCheckpoint.of("llama").with("tie_word_embeddings", true));
    assertThat(export().to(place.resolve("model")).directory()).exists();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vocab_size|13|model.embed_tokens.weight|[12, 16]|[13, 16]",
        "vocab_size|2147483647|model.embed_tokens.weight|[12, 16]|[2147483647, 16]",
        "hidden_size|2147483647|model.embed_tokens.weight|[12, 16]|[12, 2147483647]",
        "intermediate_size|2147483647|model.layers.0.mlp.gate_proj.weight|[24, 16]|[2147483647,"
            + " 16]",
        "num_attention_heads|4|model.layers.0.self_attn.q_proj.weight|[16, 16]|[32, 16]",
        "num_attention_heads|2147483647|model.layers.0.self_attn.q_proj.weight|[16,"
            + " 16]|[17179869176, 16]",
        "num_key_value_heads|2|model.layers.0.self_attn.k_proj.weight|[8, 16]|[16, 16]",
        "head_dim|10|model.layers.0.self_attn.q_proj.weight|[16, 16]|[20, 16]",
      })
  void anotherShapeThanConfigAsksFor(
      String field, String value, String tensor, String shape, String wanted) throws IOException {
    Path checkpoint = write(TinyCheckpoint.of("llama"));
    TinyCheckpoint.of("llama").with(field, value).writeConfig(checkpoint);
    assertRefused(
        ExportException.class,
        "DIR/model.safetensors: the tensor %s has the shape %s; by its config it would have %s. Copy all files from the same model."
            .formatted(tensor, shape, wanted));
  }

  @Test
  void anotherType() throws IOException {
    write(TinyCheckpoint.of("llama").ofType("F8_E4M3"));
    assertRefused(
        UnusableFileException.class,
        "The tensor model.embed_tokens.weight in DIR has the type F8_E4M3; take a checkpoint with"
            + " weights in F32, F16 or BF16.");
  }

  @Test
  void anotherArchitecture() throws IOException {
    write(TinyCheckpoint.of("llama").with("model_type", "\"gemma3n\""));
    assertUnknown(
        "gemma3n",
        "Nor does the documented command: optimum-intel 2.2.0 generates no text with it. Take a"
            + " model of another architecture.");
    write(TinyCheckpoint.of("llama").with("model_type", "\"falcon\""));
    assertUnknown(
        "falcon", "The documented command does: add --engine optimum to ./scripts/export.");
    write(TinyCheckpoint.of("llama").with("model_type", "\"gemma\""));
    assertUnknown(
        "gemma",
        "Nor does the documented command: optimum-intel 2.2.0 exports it with transformers<=5.0,"
            + " and 5.5.4 is installed beside it. Take a model that somebody has exported already,"
            + " or export it by optimum-cli in an environment with such a version.");
  }

  private void assertUnknown(String architecture, String advice) {
    assertRefused(
        UnusableFileException.class,
        "DIR/config.json is of the architecture %s; the export from Java knows %s. %s"
            .formatted(
                architecture,
                "phi3, llama, mistral, ministral, ministral3, qwen2, qwen3, qwen3_moe, smollm3,"
                    + " granite, granitemoe, minicpm, olmo2, gpt_oss, gemma2, gemma3_text, exaone4, hunyuan_v1_dense",
                advice));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hidden_act|\"gelu\"|the activation gelu; the export from Java knows silu.",
        "rope_scaling|{\"type\": \"mrope\"}|a rotary embedding of type mrope; the export from Java"
            + " knows default, linear, dynamic, yarn, llama3, longrope.",
      })
  void anotherKindOfLayer(String field, String value, String asked) throws IOException {
    write(TinyCheckpoint.of("llama").with(field, value));
    assertRefused(
        UnusableFileException.class,
        "DIR/config.json asks for %s The documented command may know it: add --engine optimum to ./scripts/export."
            .formatted(asked));
  }

  @Test
  void noWeights() throws IOException {
    TinyCheckpoint.of("llama").writeOthers(weights.getParent());
    assertRefused(
        UnusableFileException.class,
        "DIR holds no model.safetensors and no model.safetensors.index.json; name the directory"
            + " that holds the checkpoint.");
  }

  private void writeOneShard(String index) throws IOException {
    Path checkpoint = write(TinyCheckpoint.of("llama"));
    Files.move(weights, checkpoint.resolve("one.safetensors"));
    Files.writeString(checkpoint.resolve("model.safetensors.index.json"), index);
  }

  @Test
  void aMissingShard() throws IOException {
    writeOneShard(
        "{\"weight_map\":{\"model.norm.weight\":\"one.safetensors\",\"lm_head.weight\":\"two.safetensors\"}}");
    assertRefused(
        UnusableFileException.class,
        "DIR/two.safetensors is missing, in which DIR/model.safetensors.index.json says that"
            + " lm_head.weight is; download it too.");
  }

  @Test
  void aTensorThatIsNowhere() throws IOException {
    TinyCheckpoint checkpoint = TinyCheckpoint.of("llama");
    checkpoint.tensors().remove("model.norm.weight");
    Path directory = write(checkpoint);
    Files.move(weights, directory.resolve("one.safetensors"));
    Files.writeString(
        directory.resolve("model.safetensors.index.json"),
        "{\"weight_map\":{\"model.norm.weight\":\"one.safetensors\"}}");
    assertRefused(
        UnusableFileException.class,
        "DIR/one.safetensors lacks the tensor model.norm.weight, which the index says is in it;"
            + " copy the file again from where the model comes from.");
  }

  @Test
  void aPickleIsNotOpened() throws IOException {
    TinyCheckpoint.of("llama").writeOthers(weights.getParent());
    Files.write(weights, new byte[] {'P', 'K', 3, 4, 0, 0, 8, 8, 0, 0, 0, 0});
    assertThatThrownBy(() -> export().to(place.resolve("model")))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageStartingWith(weights + " is a pickle of torch.save, which is never opened");
    assertThat(place).isEmptyDirectory();
  }

  @Test
  void aHeaderOfFourGigabytes() throws IOException {
    TinyCheckpoint.of("llama").writeOthers(weights.getParent());
    try (FileChannel file =
        FileChannel.open(weights, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 0, 1, 0, 0, 0}));
      file.write(ByteBuffer.wrap(new byte[1]), 5L << 30); // the rest takes no space on the disk
    }
    assertRefused(
        UnusableFileException.class,
        "DIR/model.safetensors is no safetensors file: its header would be longer than 100 MB; copy"
            + " the file again from where the model comes from.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "tokenizer.json", "generation_config.json"})
  void aFolderInPlaceOfAFile(String name) throws IOException {
    Path checkpoint = write(TinyCheckpoint.of("llama"));
    Files.deleteIfExists(checkpoint.resolve(name));
    Files.createDirectory(checkpoint.resolve(name));
    assertRefused(
        UnusableFileException.class, "Cannot read DIR/" + name + ": it is no regular file.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokenizer.json", "added_tokens.json", "tokenizer_config.json"})
  void aLinkThatLeadsNowhere(String name) throws IOException {
    Path checkpoint = write(TinyCheckpoint.of("llama"));
    Files.deleteIfExists(checkpoint.resolve(name));
    Files.createSymbolicLink(checkpoint.resolve(name), Path.of("nowhere"));
    assertRefused(
        UnusableFileException.class,
        "Cannot read DIR/" + name + ": it is a link to a file that is not there.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "tokenizer_config.json"})
  void anEndlessConfig(String name) throws IOException {
    Path checkpoint = write(TinyCheckpoint.of("llama"));
    try (FileChannel file =
        FileChannel.open(
            checkpoint.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[1]), 5L << 30);
    }
    assertRefused(
        UnusableFileException.class,
        "DIR/"
            + name
            + " has 5,368,709,121 bytes; a file of this name has at most 10,000,000; copy the file"
            + " again from where the model comes from.");
  }

  @Test
  void groupsThatDoNotDivideARow() throws IOException {
    write(TinyCheckpoint.of("llama").with("hidden_size", 32).with("intermediate_size", 48));
    Export export = Export.of(weights.getParent()).ratio(1).groupSize(32);
    assertRefused(
        export,
        ExportException.class,
        "The rows of model.layers.0.self_attn.o_proj.weight are 16 weights wide, which groups of 32"
            + " do not divide; take 16, or -1 for one group a row.");
    assertRefused(
        export.groupSize(2_000_000_000),
        ExportException.class,
        "The rows of model.layers.0.self_attn.q_proj.weight are 32 weights wide, which groups of"
            + " 2000000000 do not divide; take 16, or -1 for one group a row.");
    export.groupSize(16).to(place.resolve("model"));
  }

  @Test
  void rowsThatNoUsualGroupDivides() throws IOException {
    write(TinyCheckpoint.of("llama"));
    assertRefused(
        Export.of(weights.getParent()).ratio(1).groupSize(16),
        ExportException.class,
        "The rows of model.layers.0.mlp.down_proj.weight are 24 weights wide, which groups of 16 do"
            + " not divide; take -1 for one group a row.");
  }

  @ParameterizedTest
  @CsvSource({
    "F32, 00 00 80 7F",
    "F32, 00 00 80 FF",
    "F32, 01 00 80 7F",
    "F32, FF FF FF FF",
    "F16, 00 7C",
    "F16, 00 FC",
    "F16, 01 7C",
    "BF16, 80 7F",
    "BF16, 80 FF",
    "BF16, C0 7F",
  })
  void weightsThatAreNoNumbers(String type, String bytes) throws IOException {
    write(TinyCheckpoint.of("llama").ofType(type));
    ByteBuffer weight = ByteBuffer.allocate(4);
    for (String one : bytes.split(" ", -1)) {
      weight.put((byte) Integer.parseInt(one, 16));
    }
    try (FileChannel file = FileChannel.open(weights, StandardOpenOption.WRITE)) {
      file.write(weight.flip(), Files.size(weights) - weight.limit()); // lm_head's last one
    }
    String message =
        "DIR/model.safetensors: the tensor lm_head.weight has weights that are infinite or no"
            + " numbers, which cannot become integers; copy the file again from where the model"
            + " comes from, or take the weight format fp16 or fp32.";
    assertRefused(ExportException.class, message);
    assertRefused(
        Export.of(weights.getParent()).groupSize(8).allLayers(true).ratio(0.5),
        ExportException.class,
        message);
    export().weightFormat(WeightFormat.FP32).to(place.resolve("model"));
  }
}
