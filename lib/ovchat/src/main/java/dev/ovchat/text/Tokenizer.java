package dev.ovchat.text;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.ovchat.modeldir.ModelDirectory;
import dev.ovchat.system.NativeHandle;
import dev.ovchat.tokenizerfile.TokenSpelling;
import dev.ovchat.tokenizerfile.TokenizerFile;
import dev.ovchat.tokenizerfile.Vocabulary;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A model's tokenizer: the Java side of transformers' AutoTokenizer.
 *
 * <pre>{@code
 * try (var tokenizer = Tokenizer.load(modelDir)) {
 *   TokenIds ids = tokenizer.encode("Hello", EncodeOptions.AS_IT_IS);
 *   String text = tokenizer.decode(ids, DecodeOptions.defaults());
 * }
 * }</pre>
 *
 * <p>Nothing is truncated and nothing is padded. Safe for use by several threads.
 */
public final class Tokenizer implements AutoCloseable {
  /**
   * HuggingFace's library, by the calls that DJL has for it. DJL's own class would read the whole
   * file a second time, into a tree, to learn how to pad.
   */
  private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;

  private final Path file;
  private final NativeHandle<Long> handle;
  private final Vocabulary vocabulary;
  private final boolean cleansUp;
  private final TokenSpelling spelling;

  /** Ids that the model may give: its last ones often have no token, and so no text. */
  private final int ids;

  private int users;
  private boolean closed;

  private Tokenizer(TokenizerFile file, long tokenizer, int ids) {
    this.file = file.path();
    this.handle = new NativeHandle<>(this, "tokenizer", tokenizer, LIBRARY::deleteTokenizer);
    this.vocabulary = file.vocabulary();
    this.cleansUp = file.cleansUp();
    this.spelling = file.spelling();
    this.ids = ids;
  }

  /**
   * Reads the tokenizer of a model directory.
   *
   * @throws dev.ovchat.files.UnusableFileException if the directory is not complete, or its {@code
   *     tokenizer.json} is broken or of another model
   * @throws TokenizerException if {@code tokenizer.json} is not usable, or the thread is
   *     interrupted
   */
  public static Tokenizer load(Path modelDirectory) {
    ModelDirectory directory = ModelDirectory.open(modelDirectory);
    return of(directory.tokenizer(), directory.config().vocabSize());
  }

  /**
   * A tokenizer of a file that was read before.
   *
   * @param modelVocabSize the number of ids that the model has, as its {@code config.json} says
   * @throws TokenizerException if the file is not usable, or the thread is interrupted
   */
  public static Tokenizer of(TokenizerFile file, int modelVocabSize) {
    try (var pending = PendingTokenizer.of(file, modelVocabSize)) {
      return pending.await();
    }
  }

  /** Makes the tokenizer on this thread, which cannot be interrupted. */
  static Tokenizer made(TokenizerFile file, int modelVocabSize) {
    int ids = Math.max(file.vocabulary().size(), modelVocabSize);
    try {
      TokenizersLibraryLoader.require();
      return new Tokenizer(file, LIBRARY.createTokenizerFromString(file.json()), ids);
    } catch (OutOfMemoryError e) {
      throw new TokenizerException(
          "Java has no memory left for %s; give it more, for instance by JDK_JAVA_OPTIONS=-Xmx1g."
              .formatted(file.path()),
          e);
    } catch (TokenizerException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new TokenizerException("Cannot read " + file.path() + ": " + e.getMessage() + ".", e);
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
    long opened = handle.pointer();
    boolean addSpecialTokens = options.addSpecialTokens();
    return tried(
        () -> {
          long encoding = LIBRARY.encode(opened, text, addSpecialTokens);
          try {
            long[] encoded = LIBRARY.getTokenIds(encoding);
            return TokenIds.of(Arrays.stream(encoded).mapToInt(Math::toIntExact).toArray());
          } finally {
            LIBRARY.deleteEncoding(encoding);
          }
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
    long opened = handle.pointer();
    boolean skipSpecialTokens = options.skipSpecialTokens();
    String text = tried(() -> LIBRARY.decode(opened, checked, skipSpecialTokens));
    return cleansUp ? withoutSpaces(text) : text;
  }

  /** Removes spaces as transformers' {@code clean_up_tokenization} does, in its order. */
  private static String withoutSpaces(String text) {
    String clean = text;
    for (String mark : List.of(".", "?", "!", ",")) {
      clean = clean.replace(" " + mark, mark);
    }
    clean = clean.replace(" ' ", "'");
    for (String ending : List.of("n't", "'m", "'s", "'ve", "'re")) {
      clean = clean.replace(" " + ending, ending);
    }
    return clean;
  }

  /** Calls the native tokenizer. Some mistakes in a tokenizer.json show when it is used. */
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
   * The token of an id, as the vocabulary spells it: a space, for instance, is {@code ▁} in one and
   * {@code Ġ} in another. Empty for an id that the model has and the tokenizer has no token for.
   *
   * @throws TokenizerException if the id is below 0, or neither the tokenizer's nor the model's
   */
  public String token(int id) {
    return checkId(id) < vocabulary.size() ? vocabulary.token(id) : "";
  }

  /**
   * The text that a token stands for, as people read it, the same way for every kind of vocabulary:
   * with {@code ▁} for a space, {@code ↵} for a line end, {@code ⇥} for a tab, and {@code <0xE2>}
   * for a byte that is a part of a character. Special and other added tokens stay as they are.
   * Empty for an id that the model has and the tokenizer has no token for.
   *
   * @throws TokenizerException if the id is below 0, or neither the tokenizer's nor the model's
   */
  public String visibleToken(int id) {
    return spelling.visible(id, token(id));
  }

  /**
   * The bytes that a token adds to a text, in UTF-8; some tokens hold a part of a character. Empty
   * for an id that the model has and the tokenizer has no token for.
   *
   * @throws TokenizerException if the id is below 0, or neither the tokenizer's nor the model's
   */
  public byte[] tokenBytes(int id) {
    return spelling.bytes(id, token(id));
  }

  /** Tests whether a token is a special one, which {@link DecodeOptions} can leave out. */
  public boolean isSpecial(int id) {
    return spelling.isSpecial(id);
  }

  /** The {@link #visibleToken} of each id, in their order. */
  public List<String> visibleTokens(TokenIds ids) {
    return ids.stream().mapToObj(this::visibleToken).toList();
  }

  /** Checks an id, before DJL sees it: that takes one that is too large for another one. */
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

  /**
   * Keeps this tokenizer open for a generation, whose texts are decoded to the end although the
   * model and its tokenizer may be closed meanwhile.
   *
   * @return what is to be run when that is over; to run it again does no harm
   * @throws IllegalStateException if this is closed and no longer kept open
   */
  public synchronized Runnable keepOpen() {
    handle.pointer();
    users++;
    var over = new AtomicBoolean();
    return () -> {
      if (over.compareAndSet(false, true)) {
        giveBack();
      }
    };
  }

  private synchronized void giveBack() {
    users--;
    freeIfUnused();
  }

  /**
   * Closes this tokenizer: at once, or where a model or a generation uses it, when that no longer
   * does.
   */
  @Override
  public synchronized void close() {
    closed = true;
    freeIfUnused();
  }

  private void freeIfUnused() {
    if (closed && users == 0) {
      handle.close();
    }
  }
}
