package dev.ovchat.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.ovchat.checkpoint.ModelDirectory;
import dev.ovchat.checkpoint.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

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

  private final HuggingFaceTokenizer tokenizer;
  private final Vocabulary vocabulary;
  private boolean closed;

  private Tokenizer(HuggingFaceTokenizer tokenizer, Vocabulary vocabulary) {
    this.tokenizer = tokenizer;
    this.vocabulary = vocabulary;
  }

  /**
   * Reads the tokenizer of a model directory.
   *
   * @throws dev.ovchat.checkpoint.CheckpointException if the directory is not complete
   * @throws TokenizerException if {@code tokenizer.json} is not usable
   */
  public static Tokenizer load(Path modelDirectory) {
    Path file = ModelDirectory.open(modelDirectory).tokenizer();
    Vocabulary vocabulary = Vocabulary.read(file);
    try {
      return new Tokenizer(HuggingFaceTokenizer.newInstance(file, AS_TRANSFORMERS), vocabulary);
    } catch (IOException | RuntimeException e) {
      throw new TokenizerException("Cannot read " + file + ": " + e.getMessage() + ".", e);
    }
  }

  /** The ids of a text, with transformers' default options. */
  public TokenIds encode(String text) {
    return encode(text, EncodeOptions.defaults());
  }

  /** The ids of a text. */
  public synchronized TokenIds encode(String text, EncodeOptions options) {
    Encoding encoding = open().encode(text, options.addSpecialTokens(), false);
    return TokenIds.of(Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray());
  }

  /** The ids of each of many texts, in their order, each of its own length. */
  public List<TokenIds> batchEncode(List<String> texts, EncodeOptions options) {
    return texts.stream().map(text -> encode(text, options)).toList();
  }

  /**
   * The text of token ids.
   *
   * @throws TokenizerException if an id is below 0, or {@link #vocabSize()} or above
   */
  public synchronized String decode(TokenIds ids, DecodeOptions options) {
    long[] checked = ids.stream().mapToLong(this::checkId).toArray();
    return open().decode(checked, options.skipSpecialTokens());
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
   * for a byte.
   *
   * @throws TokenizerException if the id is below 0, or {@link #vocabSize()} or above
   */
  public String token(int id) {
    return vocabulary.token(checkId(id));
  }

  /** Has to come before DJL sees an id: it may end the whole JVM over one that it does not know. */
  private int checkId(int id) {
    if (id < 0 || id >= vocabulary.size()) {
      throw new TokenizerException(
          "Token id %d is not in the vocabulary; allowed are 0 to %d."
              .formatted(id, vocabulary.size() - 1));
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
