package dev.ovchat.text;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.Utils;
import dev.ovchat.checkpoint.ModelDirectory;
import dev.ovchat.checkpoint.TokenizerFile;
import dev.ovchat.checkpoint.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A model's tokenizer: the Java side of transformers' AutoTokenizer.
 *
 * <pre>{@code
 * try (var tokenizer = Tokenizer.load(modelDir)) {
 *   TokenIds ids = tokenizer.encode("Hello", EncodeOptions.defaults().addSpecialTokens(false));
 *   String text = tokenizer.decode(ids, DecodeOptions.defaults());
 * }
 * }</pre>
 *
 * <p>Nothing is truncated and nothing is padded. Safe for use by several threads.
 */
public final class Tokenizer implements AutoCloseable {
  /** DJL cuts at 512 tokens and pads unless told otherwise. */
  private static final Map<String, String> AS_TRANSFORMERS =
      Map.of("truncation", "false", "padding", "false");

  private final Path file;
  private final HuggingFaceTokenizer tokenizer;
  private final Vocabulary vocabulary;

  /** Ids that the model may give: its last ones often have no token, and so no text. */
  private final int ids;

  private boolean closed;

  private Tokenizer(Path file, HuggingFaceTokenizer tokenizer, Vocabulary vocabulary, int ids) {
    this.file = file;
    this.tokenizer = tokenizer;
    this.vocabulary = vocabulary;
    this.ids = ids;
  }

  /**
   * Reads the tokenizer of a model directory.
   *
   * @throws dev.ovchat.checkpoint.CheckpointException if the directory is not complete, or its
   *     {@code tokenizer.json} is broken or of another model
   * @throws TokenizerException if {@code tokenizer.json} is not usable
   */
  public static Tokenizer load(Path modelDirectory) {
    ModelDirectory directory = ModelDirectory.open(modelDirectory);
    TokenizerFile checked = directory.tokenizer();
    Path file = checked.path();
    Vocabulary vocabulary = checked.vocabulary();
    int ids = Math.max(vocabulary.size(), directory.config().vocabSize());
    try {
      return new Tokenizer(
          file, HuggingFaceTokenizer.newInstance(file, AS_TRANSFORMERS), vocabulary, ids);
    } catch (EngineException e) {
      throw new TokenizerException(
          """
          DJL's native tokenizer library cannot be loaded: %s Its folder, %s, has to be one that you \
          can write to; DJL_CACHE_DIR names another."""
              .formatted(e.getMessage(), Utils.getEngineCacheDir()),
          e);
    } catch (IOException | RuntimeException e) {
      throw new TokenizerException("Cannot read " + file + ": " + e.getMessage() + ".", e);
    }
  }

  /** The ids of a text, with transformers' default options. */
  public TokenIds encode(String text) {
    return encode(text, EncodeOptions.defaults());
  }

  /**
   * The ids of a text.
   *
   * @throws TokenizerException if the text holds half a character (an unpaired surrogate)
   */
  public synchronized TokenIds encode(String text, EncodeOptions options) {
    Surrogates.requireWhole(text);
    HuggingFaceTokenizer opened = open();
    boolean addSpecialTokens = options.addSpecialTokens();
    return tried(
        () -> {
          Encoding encoding = opened.encode(text, addSpecialTokens, false);
          return TokenIds.of(Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray());
        });
  }

  /** The ids of each of many texts, in their order, each of its own length. */
  public List<TokenIds> batchEncode(List<String> texts, EncodeOptions options) {
    return texts.stream().map(text -> encode(text, options)).toList();
  }

  /**
   * The text of token ids. An id that the model has and the tokenizer has no token for gives none,
   * as with transformers.
   *
   * @throws TokenizerException if an id is below 0, or neither the tokenizer's nor the model's
   */
  public synchronized String decode(TokenIds ids, DecodeOptions options) {
    long[] checked = ids.stream().mapToLong(this::checkId).toArray();
    HuggingFaceTokenizer opened = open();
    boolean skipSpecialTokens = options.skipSpecialTokens();
    return tried(() -> opened.decode(checked, skipSpecialTokens));
  }

  /** Some mistakes in a tokenizer.json show when it is used. */
  private <T> T tried(Supplier<T> call) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      throw new TokenizerException("Cannot use " + file + ": " + e.getMessage() + ".", e);
    }
  }

  /** The text of each of many sequences, in their order. */
  public List<String> batchDecode(List<TokenIds> sequences, DecodeOptions options) {
    return sequences.stream().map(ids -> decode(ids, options)).toList();
  }

  /** One more than the highest id that this tokenizer knows. */
  public int vocabSize() {
    return vocabulary.size();
  }

  /**
   * The token of an id, as the vocabulary spells it: {@code ▁} stands for a space, {@code <0x0A>}
   * for a byte. Empty for an id that the model has and the tokenizer has no token for.
   *
   * @throws TokenizerException if the id is below 0, or neither the tokenizer's nor the model's
   */
  public String token(int id) {
    return checkId(id) < vocabulary.size() ? vocabulary.token(id) : "";
  }

  /** Has to come before DJL sees an id: it takes one that is too large for another one. */
  private int checkId(int id) {
    if (id < 0 || id >= ids) {
      throw new TokenizerException(
          String.format(
              Locale.ROOT,
              "Token id %d is not in the vocabulary; allowed are 0 to %d.",
              id,
              ids - 1));
    }
    return id;
  }

  private HuggingFaceTokenizer open() {
    if (closed) {
      throw new IllegalStateException(
          "This tokenizer is closed. Run the cell that makes it again.");
    }
    return tokenizer;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      tokenizer.close();
    }
  }
}
