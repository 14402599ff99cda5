package dev.ovchat.openvino;

import dev.ovchat.files.ReadableFile;
import dev.ovchat.files.UnusableFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model's graph, {@code openvino_model.xml}, as far as it can be judged at a glance. An XML
 * parser would take 0.1 s of a notebook's start to say no more.
 *
 * @param file the file that it was read from; its weights lie beside it
 * @param text the whole file
 * @param weightsSize bytes of weights that the graph refers to
 */
public record IrModel(Path file, String text, long weightsSize) {
  /**
   * Name of the input that {@link #withLogitPositions()} adds: i64 [batch, rows, 1], positions in
   * the sequence that is being read, from 0. The logits have as many rows, in that order. That of
   * {@link #withPagedLogitPositions()} is i64 [rows, 1], positions among all tokens that are read.
   */
  public static final String LOGIT_POSITIONS = "logit_positions";

  /** Start of an IR. A byte order mark may come first, and a declaration and comments. */
  private static final Pattern START =
      Pattern.compile("\\A(\u00ef\u00bb\u00bf)?\\s*(<\\?xml[^>]*>)?(\\s|<!--[^>]*-->)*<net\\s");

  private static final Pattern END = Pattern.compile("</net>(\\s|<!--[^>]*-->)*\\z");

  /** Offset and size of a constant in the weights, in bytes. */
  private static final Pattern CONSTANT =
      Pattern.compile(" offset=\"(\\d{1,18})\" size=\"(\\d{1,18})\"");

  /** Keys or values of a layer: [rows, heads, tokens, features per head], two of them not fixed. */
  private static final Pattern CACHE =
      Pattern.compile(
          "type=\"ReadValue\"[^>]*>\\s*<data[^>]* variable_shape=\"([?.,\\d]{1,100})\"");

  /**
   * Maximum nesting of elements. A graph has 6, and 4 more for each loop or branch in another one.
   * OpenVINO survives some hundred of those on a stack of 1 MB.
   */
  private static final int DEEPEST = 100;

  /** Maximum size of the file in bytes; Phi-3's has 3 MB. */
  private static final long LARGEST = 500_000_000;

  /**
   * Looks for the first and the last tag, and for the constants in between.
   *
   * @param exportCommand the command that makes the file anew, for messages
   * @throws UnusableFileException if the file is not an OpenVINO model, or is cut off
   */
  public static IrModel read(Path xml, String exportCommand) {
    // Bytes as characters: what is looked for is ASCII.
    String text = ReadableFile.text(xml, StandardCharsets.ISO_8859_1, LARGEST);
    if (!START.matcher(text).find()) {
      throw broken(xml, exportCommand, "is no OpenVINO model: it does not begin with <net");
    }
    int lastTag = Math.max(0, text.lastIndexOf("</net>"));
    if (!END.matcher(text.substring(lastTag)).lookingAt()) {
      throw broken(xml, exportCommand, "is cut off: it does not end with </net>");
    }
    if (XmlDepth.isAbove(DEEPEST, text)) {
      throw broken(
          xml,
          exportCommand,
          "nests more than " + DEEPEST + " elements, which no language model does");
    }
    long size = 0;
    Matcher constants = CONSTANT.matcher(text);
    while (constants.find()) {
      size =
          Math.max(size, Long.parseLong(constants.group(1)) + Long.parseLong(constants.group(2)));
    }
    return new IrModel(xml, text, size);
  }

  /** The file of its weights, beside it. */
  public Path weights() {
    return CompiledModel.weights(file);
  }

  /** Number of values that the KV cache has for each token of a row; 0 for a graph without one. */
  public long cacheNumbersPerToken() {
    return CACHE
        .matcher(text)
        .results()
        .mapToLong(
            state ->
                Arrays.stream(state.group(1).split(","))
                    .filter(size -> size.matches("\\d{1,9}"))
                    .mapToLong(Long::parseLong)
                    .reduce(1, (all, size) -> all * size))
        .sum();
  }

  /**
   * The text of a graph that computes logits at the positions that it is given, and no others: of a
   * prompt's rows the next token needs the last alone. The graph's own text, if it does not end as
   * a language model's does.
   */
  public String withLogitPositions() {
    return LogitPositions.addTo(text).orElse(text);
  }

  /** Same as {@link #withLogitPositions()}, for {@link CompiledModel#compilePaged}. */
  public String withPagedLogitPositions() {
    return LogitPositions.addToPaged(text).orElse(text);
  }

  private static UnusableFileException broken(Path xml, String exportCommand, String what) {
    return new UnusableFileException(
        "%s %s. Export the model again: %s".formatted(xml, what, exportCommand));
  }
}
