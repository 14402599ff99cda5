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
import java.util.Optional;
import java.util.function.ObjLongConsumer;
import java.util.regex.Pattern;

/**
 * The files beside the weights that a published model has, made of the metadata of its GGUF file:
 * the configs, and the tokenizer with its chat template.
 */
public final class GgufFiles implements ModelFiles {
  /** Size of tokenizer.json for each token, with the merges that make it, in bytes: about. */
  private static final long JSON_BYTES_PER_TOKEN = 100;

  private static final String TEMPLATE = "tokenizer.chat_template";
  private static final Pattern TEMPLATE_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final GgufCheckpoint model;
  private final GgufTokens tokens;
  private final GgufTokenizer tokenizer;
  private final Map<String, Object> tokenizerFields;
  private final Map<String, String> templates;

  private GgufFiles(GgufCheckpoint model) {
    this.model = model;
    this.tokens = GgufTokens.of(model.metadata());
    this.tokenizer = new GgufTokenizer(tokens);
    this.tokenizerFields = tokenizer.fields();
    this.templates = templates();
  }

  /**
   * Makes the files of a model. Nothing is written yet.
   *
   * @throws UnusableFileException if the tokenizer is of a kind that cannot be exported, or does
   *     not fit together or to the model
   */
  public static GgufFiles of(GgufCheckpoint model) {
    GgufFiles files = new GgufFiles(model);
    files.requireRows();
    return files;
  }

  /**
   * The fields of {@code config.json}.
   *
   * @throws UnusableFileException if the metadata lacks one, or has a value that cannot be
   */
  public Map<String, Object> config() {
    return new GgufConfig(model, tokens).fields();
  }

  private void requireRows() {
    long rows = model.get("model.embed_tokens.weight").shape().get(0);
    if (tokens.count() > rows) {
      throw model
          .metadata()
          .wrong(
              "tokenizer.ggml.tokens",
              "a list of at most " + rows + ", one for each row of token_embd.weight",
              tokens.count());
    }
  }

  @Override
  public Optional<Path> directory() {
    return Optional.empty();
  }

  /** {@inheritDoc} Nearly all of them are the tokenizer's. */
  @Override
  public long byteCount() {
    return JSON_BYTES_PER_TOKEN * tokens.count();
  }

  @Override
  public void copy(Path directory, ObjLongConsumer<String> listener) throws IOException {
    Map<String, Object> config = config();
    Map<String, Map<String, Object>> files = new LinkedHashMap<>();
    files.put(FileNames.CONFIG, config);
    files.put(FileNames.GENERATION_CONFIG, generationConfig(config));
    files.put(FileNames.TOKENIZER, tokenizerFields);
    files.put(
        FileNames.TOKENIZER_CONFIG, tokenizer.config(model.sizes().required("context_length")));
    for (String name : files.keySet()) {
      try (OutputStream out = newFile(directory.resolve(name))) {
        JsonText.write(files.get(name), out);
      }
      listener.accept(name, Files.size(directory.resolve(name)));
    }
    for (String name : templates.keySet()) {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      byte[] bytes = templates.get(name).getBytes(StandardCharsets.UTF_8);
      try (OutputStream out = newFile(file)) {
        out.write(bytes);
      }
      listener.accept(name, bytes.length);
    }
  }

  /** The chat templates by the names of their files: the usual one, and further ones. */
  private Map<String, String> templates() {
    GgufMetadata metadata = model.metadata();
    Map<String, String> templates = new LinkedHashMap<>();
    for (String key : metadata.entries().keySet()) {
      if (!key.equals(TEMPLATE) && !key.startsWith(TEMPLATE + ".")) {
        continue;
      }
      String text = metadata.requiredText(key);
      if (text.length() > ChatTemplateFile.LARGEST) {
        throw metadata.wrong(
            key, "a text of at most " + ChatTemplateFile.LARGEST + " characters", text);
      }
      templates.put(key.equals(TEMPLATE) ? FileNames.CHAT_TEMPLATE : further(key), text);
    }
    return templates;
  }

  private String further(String key) {
    String name = key.substring(TEMPLATE.length() + 1);
    if (!TEMPLATE_NAME.matcher(name).matches()) { // it becomes a file's
      throw model.metadata().wrong(TEMPLATE + ".…", "a name of letters, digits, _ and -", name);
    }
    return "%s/%s.jinja".formatted(FileNames.ADDITIONAL_CHAT_TEMPLATES, name);
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
    List<Integer> ends = tokens.endIds();
    generation.put("bos_token_id", config.get("bos_token_id"));
    generation.put("eos_token_id", ends.isEmpty() ? null : ends);
    generation.put("pad_token_id", config.get("pad_token_id"));
    return generation;
  }
}
