package dev.ovchat.checkpoint;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ovchat.files.FileNames;
import dev.ovchat.files.FileState;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.ReadableFile;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.tokenizerfile.ChatTemplateFile;
import dev.ovchat.tokenizerfile.TokenizerFile;
import dev.ovchat.tokenizerfile.TokenizerJson;
import java.io.IOException;
import java.io.InputStream;
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

/**
 * The files of a checkpoint beside its weights, as a model directory has them: the configs, and the
 * tokenizer with its chat template.
 */
public final class CheckpointFiles implements ModelFiles {

  /** The field that names a checkpoint's own Python classes. */
  private static final String CODE = "auto_map";

  /**
   * Names of the files that are copied if present, each with its largest allowed size in bytes;
   * chat templates come along with them.
   */
  private static final Map<String, Long> NAMES = names();

  /** Writes JSON so that Python reads back the values that were read here. */
  private static final ObjectWriter WRITER =
      JsonMapper.builder()
          .configure(JsonWriteFeature.WRITE_NAN_AS_STRINGS, false)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII) // halves of surrogate pairs among them
          .build()
          .writerWithDefaultPrettyPrinter();

  private final Path checkpoint;
  private final Map<String, FileState> files;

  private CheckpointFiles(Path checkpoint, Map<String, FileState> files) {
    this.checkpoint = checkpoint;
    this.files = files;
  }

  private static Map<String, Long> names() {
    Map<String, Long> names = new LinkedHashMap<>();
    names.put(FileNames.CONFIG, JsonFile.LARGEST_CONFIG);
    names.put(FileNames.GENERATION_CONFIG, JsonFile.LARGEST_CONFIG);
    names.put(FileNames.TOKENIZER, TokenizerJson.LARGEST);
    names.put(FileNames.TOKENIZER_CONFIG, JsonFile.LARGEST_CONFIG);
    names.put(FileNames.PROCESSOR_CHAT_TEMPLATE, JsonFile.LARGEST_CONFIG);
    names.put(FileNames.SPECIAL_TOKENS_MAP, JsonFile.LARGEST_CONFIG);
    names.put(FileNames.ADDED_TOKENS, JsonFile.LARGEST_CONFIG);
    return names;
  }

  /**
   * Notes which files there are, and reads none of them.
   *
   * @throws UnusableFileException if one is not a regular file, cannot be read, or is too large for
   *     its name
   */
  public static CheckpointFiles of(Path checkpoint) {
    Map<String, FileState> files = new LinkedHashMap<>();
    NAMES.forEach(
        (name, largest) -> {
          Path file = checkpoint.resolve(name);
          if (ReadableFile.isThere(file)) {
            ReadableFile.require(file, largest);
            files.put(name, FileState.of(file));
          }
        });
    for (Path file : ChatTemplateFile.files(checkpoint).values()) {
      ReadableFile.require(file, ChatTemplateFile.LARGEST);
      files.put(checkpoint.relativize(file).toString(), FileState.of(file));
    }
    return new CheckpointFiles(checkpoint, files);
  }

  /**
   * Checks that there is a tokenizer that can be copied, and that the smaller files are what their
   * names say.
   *
   * @throws UnusableFileException if the tokenizer is missing, or a file cannot be read
   */
  public void requireTokenizer() {
    if (!files.containsKey(FileNames.TOKENIZER)) {
      throw new UnusableFileException(
          checkpoint
              + " has no tokenizer.json, which the tokenizer is read from. The documented command"
              + " can make one from older files: add --engine optimum to ./scripts/export.");
    }
    for (String name :
        List.of(
            FileNames.TOKENIZER_CONFIG,
            FileNames.PROCESSOR_CHAT_TEMPLATE,
            FileNames.SPECIAL_TOKENS_MAP,
            FileNames.ADDED_TOKENS)) {
      if (files.containsKey(name)) {
        JsonFile.read(checkpoint.resolve(name));
      }
    }
    for (Path template : ChatTemplateFile.files(checkpoint).values()) {
      ReadableFile.text(template, StandardCharsets.UTF_8, ChatTemplateFile.LARGEST);
    }
  }

  /**
   * Reads the tokenizer's files as a load of the model will.
   *
   * @throws UnusableFileException if one is not what it has to be
   */
  public void requireLoadableTokenizer() {
    TokenizerFile.read(checkpoint);
  }

  /** {@inheritDoc} The config of a text model that is a part of another one is made. */
  @Override
  public Optional<Path> directory() {
    return Optional.of(checkpoint).filter(path -> !TextConfig.isIn(path));
  }

  @Override
  public long byteCount() {
    return files.values().stream().mapToLong(FileState::size).sum();
  }

  @Override
  public void copy(Path directory, ObjLongConsumer<String> listener) throws IOException {
    for (String name : files.keySet()) {
      Path from = checkpoint.resolve(name);
      switch (name) {
        case FileNames.CONFIG -> copyConfig(directory);
        case FileNames.TOKENIZER_CONFIG -> copyTokenizerConfig(JsonFile.read(from), directory);
        case FileNames.PROCESSOR_CHAT_TEMPLATE -> copyProcessorTemplate(directory);
        default -> {
          Files.createDirectories(directory.resolve(name).getParent()); // of further chat templates
          copy(from, directory.resolve(name));
        }
      }
      listener.accept(name, files.get(name).size());
    }
    if (!files.containsKey(FileNames.GENERATION_CONFIG)) {
      writeGenerationConfig(TextConfig.read(checkpoint), directory);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    long largest = NAMES.getOrDefault(from.getFileName().toString(), ChatTemplateFile.LARGEST);
    try (InputStream in = ReadableFile.open(from, largest);
        OutputStream out =
            Channels.newOutputStream(
                FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
      in.transferTo(out);
    }
  }

  @Override
  public void requireUnchanged() {
    files.values().forEach(FileState::requireUnchanged);
  }

  /**
   * Copy of a config without its names of Python classes. Python files of a checkpoint are not
   * copied; with {@code trust_remote_code} transformers would look for those that a config names,
   * and fail.
   */
  private static ObjectNode withoutCode(JsonFile config) {
    ObjectNode copy = config.root().deepCopy();
    copy.remove(CODE);
    return copy;
  }

  /**
   * Copies {@code config.json} unchanged, unless it names Python classes, or is of a model of which
   * the text model is a part.
   */
  private void copyConfig(Path directory) throws IOException {
    JsonFile config = TextConfig.read(checkpoint);
    if (config.root().has(CODE) || TextConfig.isIn(checkpoint)) {
      WRITER.writeValue(directory.resolve(FileNames.CONFIG).toFile(), withoutCode(config));
    } else {
      copy(config.path(), directory.resolve(FileNames.CONFIG));
    }
  }

  /**
   * Copies {@code tokenizer_config.json}. A single chat template moves to a file of its own, as
   * transformers does when it saves.
   */
  private void copyTokenizerConfig(JsonFile config, Path directory) throws IOException {
    ObjectNode copy = withoutCode(config);
    Optional<String> template =
        config
            .value("chat_template")
            .filter(value -> value.isTextual())
            .map(value -> value.asText());
    if (template.isPresent()) {
      copy.remove("chat_template");
      if (!files.containsKey(FileNames.CHAT_TEMPLATE)) {
        Files.writeString(
            directory.resolve(FileNames.CHAT_TEMPLATE), template.get(), StandardCharsets.UTF_8);
      }
    }
    WRITER.writeValue(directory.resolve(FileNames.TOKENIZER_CONFIG).toFile(), copy);
  }

  /**
   * Makes a processor's chat template the tokenizer's, which has none where there is an older file.
   */
  private void copyProcessorTemplate(Path directory) throws IOException {
    if (hasTokenizerTemplate()) {
      return;
    }
    JsonFile processor = JsonFile.read(checkpoint.resolve(FileNames.PROCESSOR_CHAT_TEMPLATE));
    Optional<String> template = ChatTemplateFile.defaultIn(processor);
    if (template.isPresent()) {
      Files.writeString(
          directory.resolve(FileNames.CHAT_TEMPLATE), template.get(), StandardCharsets.UTF_8);
    }
  }

  /** Tests for a template of any name: without a default one, that is for a load to say. */
  private boolean hasTokenizerTemplate() {
    Path config = checkpoint.resolve(FileNames.TOKENIZER_CONFIG);
    return !ChatTemplateFile.files(checkpoint).isEmpty()
        || (files.containsKey(FileNames.TOKENIZER_CONFIG)
            && JsonFile.read(config).value("chat_template").isPresent());
  }

  /**
   * Writes a generation config from {@code config.json}, where older checkpoints name the tokens
   * that begin and end a completion.
   */
  private static void writeGenerationConfig(JsonFile config, Path directory) throws IOException {
    ObjectNode generation = new ObjectMapper().createObjectNode().put("_from_model_config", true);
    for (String field : List.of("bos_token_id", "eos_token_id", "pad_token_id")) {
      config.value(field).ifPresent(id -> generation.set(field, id));
    }
    WRITER.writeValue(directory.resolve(FileNames.GENERATION_CONFIG).toFile(), generation);
  }
}
