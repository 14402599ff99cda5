package dev.ovchat.openvino;

import dev.ovchat.files.ReadableFile;
import dev.ovchat.files.UnusableFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.MatchResult;
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

  /**
   * Keys or values of a layer: [rows, heads, tokens, features per head], two of them not fixed. A
   * state that is not keys or values has rows alone, and nothing else that is not fixed.
   */
  private static final Pattern CACHE =
      Pattern.compile(
          "type=\"ReadValue\"[^>]*>\\s*<data[^>]* variable_shape=\"([?.,\\d]{1,100})\"");

  private static final Pattern PARAMETER = Pattern.compile(" type=\"Parameter\"");

  private static final Pattern MASK_TABLE =
      Pattern.compile("element_type=\"(?:boolean|u8|i8)\" shape=\"1, ?1, ?(\\d{2,9}), ?\\1\"");

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

  /** Tests whether the graph keeps anything from one inference to the next. */
  public boolean hasStates() {
    return CACHE.matcher(text).find();
  }

  /**
   * Tests whether all states are keys and values, with a position for each token. Another state has
   * taken in all tokens that were read, and none can be masked or taken back.
   */
  public boolean statesGrow() {
    return CACHE.matcher(text).results().allMatch(IrModel::grows);
  }

  private static boolean grows(MatchResult state) {
    return Arrays.stream(state.group(1).split(",")).filter(size -> size.equals("?")).count() > 1;
  }

  /**
   * Tests whether the graph has an attention mask of its own, a constant [1, 1, positions,
   * positions].
   */
  public boolean hasMaskTable() {
    return MASK_TABLE.matcher(text).find();
  }

  /** Tests whether the graph has an operation of a type. */
  public boolean hasOperation(String type) {
    return text.contains(" type=\"" + type + "\"");
  }

  /** Tests whether the graph has an input of a name. */
  public boolean hasInput(String name) {
    Pattern port = port(name);
    return PARAMETER
        .matcher(text)
        .results()
        .map(layer -> text.substring(layer.end(), Math.max(layer.end(), end(layer))))
        .anyMatch(layer -> port.matcher(layer).find());
  }

  private int end(MatchResult layer) {
    return text.indexOf("</layer>", layer.end());
  }

  /** Tests whether the graph has an output of a name, or a tensor on the way to one. */
  public boolean hasOutput(String name) {
    return port(name).matcher(text).find();
  }

  private static Pattern port(String name) {
    return Pattern.compile("<port [^>]*names=\"([^\"]*,)?" + name + "(,[^\"]*)?\"");
  }

  /** Number of values that the KV cache has for each token of a row; 0 for a graph without one. */
  public long cacheNumbersPerToken() {
    return CACHE
        .matcher(text)
        .results()
        .filter(IrModel::grows)
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
