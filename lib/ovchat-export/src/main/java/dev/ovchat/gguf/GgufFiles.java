package dev.ovchat.gguf;

import dev.ovchat.checkpoint.ModelFiles;
import dev.ovchat.files.FileNames;
import dev.ovchat.files.JsonText;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.tokenizerfile.ChatTemplateFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjLongConsumer;

/**
 * The files beside the weights that a published model has, made of the metadata of its GGUF file:
 * the configs, and the tokenizer with its chat template.
 */
public final class GgufFiles implements ModelFiles {
  /** Of tokenizer.json: about 100 for a token with the merges that make it. */
  private static final long JSON_BYTES_PER_TOKEN = 100;

  private static final String TEMPLATE = "tokenizer.chat_template";

  private final GgufCheckpoint model;

  /** The files of a model. */
  public GgufFiles(GgufCheckpoint model) {
    this.model = model;
  }

  /**
   * The fields of {@code config.json}.
   *
   * @throws UnusableFileException if the metadata lacks one, or has a value that cannot be
   */
  public Map<String, Object> config() {
    return new GgufConfig(model).fields();
  }

  /**
   * Checks that the tokenizer's files can be made.
   *
   * @throws UnusableFileException if the tokenizer is of a kind that cannot be exported, or does
   *     not fit together
   */
  public void requireTokenizer() {
    GgufMetadata metadata = model.metadata();
    new GgufTokenizer(metadata).fields();
    int tokens = GgufTokens.of(metadata).texts().size();
    long rows = model.get("model.embed_tokens.weight").shape().get(0);
    if (tokens > rows) {
      throw metadata.wrong(
          "tokenizer.ggml.tokens",
          "a list of at most " + rows + ", one for each row of token_embd.weight",
          tokens);
    }
    metadata
        .text(TEMPLATE)
        .filter(template -> template.length() > ChatTemplateFile.LARGEST)
        .ifPresent(
            template -> {
              throw metadata.wrong(
                  TEMPLATE,
                  "a text of at most " + ChatTemplateFile.LARGEST + " characters",
                  template);
            });
  }

  /** {@inheritDoc} That of the metadata, which becomes longer as JSON. */
  @Override
  public long byteCount() {
    return JSON_BYTES_PER_TOKEN * GgufTokens.of(model.metadata()).texts().size();
  }

  @Override
  public void copy(Path directory, ObjLongConsumer<String> listener) throws IOException {
    Map<String, Object> config = config();
    GgufTokenizer tokenizer = new GgufTokenizer(model.metadata());
    Map<String, Map<String, Object>> files = new LinkedHashMap<>();
    files.put(FileNames.CONFIG, config);
    files.put(FileNames.GENERATION_CONFIG, generationConfig(config));
    files.put(FileNames.TOKENIZER, tokenizer.fields());
    files.put(
        FileNames.TOKENIZER_CONFIG, tokenizer.config((int) config.get("max_position_embeddings")));
    for (String name : files.keySet()) {
      try (OutputStream out = newFile(directory.resolve(name))) {
        JsonText.write(files.get(name), out);
      }
      listener.accept(name, Files.size(directory.resolve(name)));
    }
    var template = model.metadata().text(TEMPLATE);
    if (template.isPresent()) {
      try (OutputStream out = newFile(directory.resolve(FileNames.CHAT_TEMPLATE))) {
        out.write(template.get().getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** Unlike a stream of {@link Files}, its writing ends when the thread is interrupted. */
  private static OutputStream newFile(Path path) throws IOException {
    return Channels.newOutputStream(
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  @Override
  public void requireUnchanged() {
    model.requireUnchanged();
  }

  private Map<String, Object> generationConfig(Map<String, Object> config) {
    Map<String, Object> generation = new LinkedHashMap<>();
    generation.put("_from_model_config", true);
    List<Integer> ends = GgufTokens.of(model.metadata()).endIds();
    generation.put("bos_token_id", config.get("bos_token_id"));
    generation.put("eos_token_id", ends.isEmpty() ? null : ends);
    generation.put("pad_token_id", config.get("pad_token_id"));
    return generation;
  }
}
