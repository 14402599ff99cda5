package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.Slow;
import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An adapter that is not what it has to be: one sentence says why, and nothing is written. */
@Slow
class BadAdapterTest {
  private static final String QUERY = "model.layers.0.self_attn.q_proj";
  private static final String PYTHON =
      "; merge it by PEFT's merge_and_unload, and export what that gives.";
  private static final String AGAIN = "; copy the file again from where the model comes from.";

  @TempDir Path folder;
  private Path checkpoint;
  private Path adapter;
  private Path place;
  private final TinyAdapter lora = TinyAdapter.lora().linear(QUERY, 16, 16);

  @BeforeEach
  void makeCheckpoint() throws IOException {
    checkpoint = TinyCheckpoint.of("llama").writeTo(folder.resolve("checkpoint"));
    adapter = folder.resolve("adapter");
    place = Files.createDirectory(folder.resolve("place"));
  }

  private Export export() {
    return Export.of(checkpoint).weightFormat(WeightFormat.INT8).adapter(adapter);
  }

  private void assertRefused(Class<? extends Exception> type, String message) {
    assertRefused(export(), type, message);
  }

  private void assertRefused(Export export, Class<? extends Exception> type, String message) {
    assertThatThrownBy(() -> export.to(place.resolve("model")))
        .isInstanceOf(type)
        .hasMessage(
            message.replace("DIR", adapter.toString()).replace("BASE", checkpoint.toString()));
    assertThat(place).isEmptyDirectory();
  }

  private void assertUnusable(TinyAdapter written, String message) throws IOException {
    written.writeTo(adapter);
    assertRefused(UnusableFileException.class, message);
  }

  @Test
  void aGoodOneIsMerged() throws IOException {
    lora.writeTo(adapter);
    assertThat(export().to(place.resolve("model")).directory()).exists();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "use_dora|true",
        "lora_bias|true",
        "fan_in_fan_out|true",
        "ensure_weight_tying|true",
        "bias|\"all\"",
        "modules_to_save|[\"lm_head\"]",
        "trainable_token_indices|[1,2]",
        "layer_replication|[[0,1],[0,2]]",
        "target_parameters|[\"mlp.experts.down_proj\"]",
        "alora_invocation_tokens|[5]",
        "of_a_later_version|1",
      })
  void whatIsNotPlainLora(String field, String value) throws IOException {
    assertUnusable(
        lora.with(field, value),
        "DIR/adapter_config.json sets %s to %s, which is not plain LoRA".formatted(field, value)
            + PYTHON);
  }

  @Test
  void anotherType() throws IOException {
    String rest = ", and adapters of the type LORA alone are merged here" + PYTHON;
    assertUnusable(
        lora.with("peft_type", "\"IA3\""), "DIR/adapter_config.json sets peft_type to IA3" + rest);
    assertUnusable(
        lora.without("peft_type"), "DIR/adapter_config.json sets peft_type to null" + rest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pissa", "pissa_niter_4", "olora", "corda", "loftq", "lora_ga"})
  void weightsOfTheModelWereChanged(String initial) throws IOException {
    assertUnusable(
        lora.with("init_lora_weights", "\"" + initial + "\""),
        "DIR/adapter_config.json sets init_lora_weights to %s, for which PEFT changes the model's own weights, too; save the adapter as plain LoRA, with path_initial_model_for_weight_conversion."
            .formatted(initial));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "r|0|DIR/adapter_config.json: r is not a number of 1 or more but 0.",
        "r|1.5|DIR/adapter_config.json: r is not a whole number but 1.5.",
        "r|5000|DIR/adapter_config.json: the rank r is 5000; ranks up to 4096 are merged.",
        "r|null|DIR/adapter_config.json lacks the field r.",
        "lora_alpha|null|DIR/adapter_config.json lacks the field lora_alpha.",
        "lora_alpha|\"4\"|DIR/adapter_config.json: lora_alpha is not a number but \"4\".",
        "rank_pattern|[]|DIR/adapter_config.json: rank_pattern is not an object but [].",
        "rank_pattern|{\"q_proj\": 0}|DIR/adapter_config.json: q_proj is not a number of 1 or more but 0.",
        "alpha_pattern|{\"q_proj\": \"x\"}|DIR/adapter_config.json: q_proj is not a number but \"x\".",
        "alpha_pattern|{\"(\": 1}|DIR/adapter_config.json: alpha_pattern names (, which is not a regular expression that is known here; write the modules' names in its place.",
      })
  void wrongNumbers(String field, String value, String message) throws IOException {
    assertUnusable(lora.with(field, value), message);
  }

  @Test
  void missingFiles() throws IOException {
    assertRefused(
        UnusableFileException.class,
        "There is no directory DIR; name the one that holds the adapter.");
    String rest = "; name the directory of a LoRA adapter, as PEFT's save_pretrained makes it.";
    lora.writeTo(adapter);
    Files.delete(adapter.resolve(TinyAdapter.WEIGHTS));
    assertRefused(UnusableFileException.class, "DIR holds no adapter_model.safetensors" + rest);
    Files.createFile(adapter.resolve("adapter_model.bin"));
    assertRefused(
        UnusableFileException.class,
        "DIR holds no adapter_model.safetensors, but adapter_model.bin, a pickle of torch.save, which is never opened, since it can run code; take a revision of the model that has safetensors, or load it where it can do no harm and save it with save_pretrained.");
    Files.delete(adapter.resolve(TinyAdapter.CONFIG));
    assertRefused(UnusableFileException.class, "DIR holds no adapter_config.json" + rest);
  }

  @Test
  void damagedFiles() throws IOException {
    lora.writeTo(adapter);
    Path weights = adapter.resolve(TinyAdapter.WEIGHTS);
    byte[] whole = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(whole, whole.length - 4));
    assertRefused(
        UnusableFileException.class,
        "DIR/adapter_model.safetensors: its tensors have 256 bytes, but 252 bytes follow its header; it is cut off, being written, or damaged"
            + AGAIN);
    Files.write(weights, whole);
    Files.writeString(adapter.resolve(TinyAdapter.CONFIG), "{\"r\": ");
    assertRefused(
        UnusableFileException.class,
        "DIR/adapter_config.json is cut off at line 1, column 7. Copy it again from where the model comes from.");
  }

  @Test
  void noTensors() throws IOException {
    assertUnusable(
        TinyAdapter.lora(),
        "DIR/adapter_model.safetensors holds no tensor; take the file that belongs to the adapter.");
  }

  @Test
  void anotherElementType() throws IOException {
    assertUnusable(
        lora.ofType("I32"),
        "The tensor base_model.model.%s.lora_A.weight in DIR/adapter_model.safetensors has the type I32; take an adapter with weights in F32, F16 or BF16."
            .formatted(QUERY));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.norm.weight",
        "lm_head.weight",
        QUERY + ".lora_magnitude_vector",
        QUERY + ".lora_B.bias",
        ".lora_A.weight",
      })
  void tensorsThatAreNoPartOfLora(String name) throws IOException {
    assertUnusable(
        lora.tensor(name, 2, 2),
        "DIR/adapter_model.safetensors holds the tensor base_model.model.%s, which is not plain LoRA"
                .formatted(name)
            + PYTHON);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora_A.weight", "lora_B.weight"})
  void oneOfTwo(String missing) throws IOException {
    String left = missing.equals("lora_A.weight") ? "lora_B.weight" : "lora_A.weight";
    assertUnusable(
        lora.withoutTensor(QUERY + "." + missing),
        "DIR/adapter_model.safetensors holds %s of the module %s, which takes lora_A and lora_B, or lora_embedding_A and lora_embedding_B; copy the file again from where the adapter comes from."
            .formatted(left, QUERY));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"r|3|3", "rank_pattern|{\"layers.0.*proj\": 1}|1"})
  void anotherRankThanTheConfigSays(String field, String value, int rank) throws IOException {
    assertUnusable(lora.with(field, value), wrongRank("A", "[2, 16]", rank, 0));
  }

  @Test
  void anotherRankOfOne() throws IOException {
    assertUnusable(lora.tensor(QUERY + ".lora_B.weight", 16, 3), wrongRank("B", "[16, 3]", 2, 1));
    assertUnusable(lora.tensor(QUERY + ".lora_B.weight", 32), wrongRank("B", "[32]", 2, 1));
  }

  private static String wrongRank(String part, String shape, int rank, int axis) {
    return "DIR/adapter_model.safetensors: the tensor base_model.model.%s.lora_%s.weight has the shape %s, and adapter_config.json says a rank of %s, which axis %s would have; copy both files from the same adapter."
        .formatted(QUERY, part, shape, rank, axis);
  }

  @Test
  void ofAnotherModel() throws IOException {
    lora.linear(QUERY, 16, 24).writeTo(adapter);
    assertRefused(
        ExportException.class,
        "The adapter DIR changes %s as a matrix of [16, 24], and in BASE/model.safetensors it has the shape [16, 16]; take an adapter of this model."
            .formatted(QUERY));
    lora.linear(QUERY, 16, 16).linear("model.layers.2.self_attn.q_proj", 16, 16).writeTo(adapter);
    assertRefused(
        ExportException.class,
        "The adapter DIR changes model.layers.2.self_attn.q_proj, and BASE has no matrix of that name; take an adapter of this model.");
  }

  @Test
  void aMatrixThatIsTwoLayers() throws IOException {
    TinyCheckpoint.of("llama").with("tie_word_embeddings", true).writeTo(checkpoint);
    String message =
        "An adapter changes the embedding or lm_head, which are one matrix in BASE/model.safetensors, so that merged weights would change both; take an adapter that leaves both as they are, or a checkpoint with tie_word_embeddings set to false.";
    TinyAdapter.lora().linear("lm_head", 12, 16).writeTo(adapter);
    assertRefused(ExportException.class, message);
    TinyAdapter.lora()
        .tensor("model.embed_tokens.lora_embedding_A", 2, 12)
        .tensor("model.embed_tokens.lora_embedding_B", 16, 2)
        .writeTo(adapter);
    assertRefused(ExportException.class, message);
  }

  @ParameterizedTest
  @ValueSource(longs = {12, 13})
  void otherWeightsOfTheEmbedding(long tokens) throws IOException {
    assertUnusable(
        TinyAdapter.lora()
            .tensor("model.embed_tokens.lora_embedding_A", 2, 12)
            .tensor("model.embed_tokens.lora_embedding_B", 16, 2)
            .tensor("model.embed_tokens.base_layer.weight", tokens, 16),
        "DIR/adapter_model.safetensors holds weights of the model's model.embed_tokens, [%s, 16], that are not those of BASE; take the checkpoint that the adapter was trained with, or merge it by PEFT's merge_and_unload, and export what that gives."
            .formatted(tokens));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aWeightThatIsNoNumber(double weight) {
    assertThatThrownBy(() -> export().adapter(adapter, weight))
        .isInstanceOf(ExportException.class)
        .hasMessage(
            "The weight of the adapter %s is %s; take a finite number, such as 0.5."
                .formatted(adapter, weight));
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT8", "FP16", "FP32"})
  void tooLargeWeights(WeightFormat format) throws IOException {
    lora.writeTo(adapter);
    assertRefused(
        export().weightFormat(format).adapter(adapter, 1e60),
        ExportException.class,
        "BASE/model.safetensors: the tensor %s.weight has weights that are infinite or no numbers with the adapter; give the adapter a smaller weight, or copy both again from where they come from."
            .formatted(QUERY));
  }

  @Test
  void infiniteNumbers() throws IOException {
    assertUnusable(
        lora.upTo(Float.POSITIVE_INFINITY),
        "DIR/adapter_model.safetensors: the tensor base_model.model.%s.lora_A.weight has numbers that are infinite or no numbers"
                .formatted(QUERY)
            + AGAIN);
  }

  @ParameterizedTest
  @ValueSource(strings = {TinyAdapter.CONFIG, TinyAdapter.WEIGHTS})
  void itGrowsWhileItIsRead(String name) throws IOException {
    lora.writeTo(adapter);
    assertChanges(
        name, () -> Files.writeString(adapter.resolve(name), " ", StandardOpenOption.APPEND));
  }

  @Test
  void itShrinksWhileItIsRead() throws IOException {
    lora.writeTo(adapter);
    Path weights = adapter.resolve(TinyAdapter.WEIGHTS);
    assertChanges(
        TinyAdapter.WEIGHTS,
        () -> {
          try (FileChannel file = FileChannel.open(weights, StandardOpenOption.WRITE)) {
            file.truncate(0);
          }
        });
  }

  private interface Change {
    void make() throws IOException;
  }

  private void assertChanges(String name, Change change) {
    AtomicBoolean isMade = new AtomicBoolean();
    assertRefused(
        export()
            .progress(
                progress -> {
                  if (!isMade.getAndSet(true)) {
                    make(change);
                  }
                }),
        UnusableFileException.class,
        "DIR/%s has changed since it was opened: it is being written; wait until it is complete, and export again."
            .formatted(name));
  }

  private static void make(Change change) {
    try {
      change.make();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
