package dev.ovchat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** What the Python originals gave; made by {@code scripts/golden/golden.py}. */
public final class Golden {
  private static final ObjectMapper LENIENT = new ObjectMapper();

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

  /** A text, its ids by AutoTokenizer, and their text. */
  public record TokenizerCase(
      String text,
      boolean addSpecialTokens,
      List<Integer> ids,
      String decoded,
      String decodedWithoutSpecialTokens) {

    /** Short: it names a test. */
    @Override
    public String toString() {
      return text.substring(0, Math.min(40, text.length())) + " " + addSpecialTokens;
    }
  }

  /**
   * What AutoTokenizer makes of texts, and of each id alone.
   *
   * @param decodedIds the text of each id, from 0 on
   * @param decodedIdsWithoutSpecialTokens the same, with special tokens skipped
   */
  public record TokenizerCases(
      List<TokenizerCase> encodings,
      List<String> decodedIds,
      List<String> decodedIdsWithoutSpecialTokens) {}

  /**
   * A prompt, and what optimum-intel made of it.
   *
   * @param gaps how far the chosen token's logit was ahead of the next best, at each step
   */
  public record GenerationCase(
      String prompt, int maxNewTokens, List<Integer> sequence, String text, List<Double> gaps) {}

  /**
   * A template and what transformers made of it: a text, or what the template said against the
   * messages, or another error.
   */
  public record Construct(String template, String text, String refusal, String error) {

    /** It names a test. */
    @Override
    public String toString() {
      return template;
    }
  }

  /** Messages with a name. */
  public record Conversation(String name, List<Map<String, String>> messages) {}

  /** The same for a template of a file and a conversation, by their names. */
  public record TemplateCase(
      String template,
      String conversation,
      boolean addGenerationPrompt,
      String text,
      String refusal,
      String error) {

    @Override
    public String toString() {
      return template + ", " + conversation + ", " + addGenerationPrompt;
    }
  }

  /**
   * Chat templates, rendered by transformers.
   *
   * @param specialTokens names and texts
   * @param variables one map: what the constructs are rendered with
   */
  public record TemplateCases(
      List<List<String>> specialTokens,
      List<Conversation> conversations,
      List<TemplateCase> cases,
      List<Map<String, Object>> variables,
      List<Construct> constructs) {

    public List<Map<String, String>> messages(String conversation) {
      return conversations.stream()
          .filter(candidate -> candidate.name().equals(conversation))
          .findFirst()
          .orElseThrow()
          .messages();
    }
  }

  /**
   * What a template is rendered with.
   *
   * @param json an object with {@code messages}, {@code tools} and {@code variables}
   */
  public record ToolsRequest(String name, String json) {}

  /** A template of a file and a request, by their names, and what transformers made of them. */
  public record ToolsCase(
      String template, String request, String text, String refusal, String error) {

    @Override
    public String toString() {
      return template + ", " + request;
    }
  }

  /**
   * A value in JSON, and how Python writes it: by {@code tojson}, and as it is.
   *
   * @param value an object whose field {@code value} holds it
   */
  public record JsonValue(String value, String text) {}

  /** Chat templates with tools, variables, and messages of all kinds, rendered by transformers. */
  public record ToolsCases(
      List<ToolsRequest> requests, List<ToolsCase> cases, List<JsonValue> doubles) {

    public String request(String name) {
      return requests.stream()
          .filter(candidate -> candidate.name().equals(name))
          .findFirst()
          .orElseThrow()
          .json();
    }
  }

  /**
   * A text, its ids with and without the tokens around it, and the text of the first. The second
   * stands alone where versions differ in what they put around a text.
   */
  public record TokenizerResult(
      String text, List<Integer> ids, List<Integer> plain, String decoded, String readable) {}

  /**
   * The files of a tokenizer, and what transformers makes of them.
   *
   * @param base which of the bases its tokenizer.json is
   * @param addedTokens in place of the base's
   * @param measure on what the versions agree: {@code auto}, {@code kept spaces} (but for the
   *     spaces), {@code plain} (but for the tokens around a text), or {@code published} (the file)
   */
  public record TokenizerVariation(
      String name,
      int base,
      List<Map<String, Object>> addedTokens,
      Map<String, Object> files,
      String measure,
      List<TokenizerResult> results) {

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Tokenizers in many variations.
   *
   * @param bases tokenizer.json files
   */
  public record TokenizerVariations(
      List<Map<String, Object>> bases, List<TokenizerVariation> cases) {}

  /**
   * An answer, and what transformers reads from it: the text before calls without spaces around it,
   * and the calls, each an object in JSON with {@code name} and {@code arguments}.
   *
   * @param template the template that wrote the answer into a prompt; null where none did
   * @param format the name of the form that the calls have
   */
  public record CallCase(
      String template, String format, String answer, String text, List<String> calls) {}

  /** Answers that templates have written, and others. */
  public record CallCases(List<CallCase> written, List<CallCase> answers) {}

  private Golden() {}

  /** Made by {@code scripts/golden/golden_tokenizer_files.py}. */
  public static TokenizerVariations tokenizerVariations() {
    return read(LENIENT, "tokenizer-files.json.gz", TokenizerVariations.class);
  }

  /** Made by {@code scripts/golden/golden_templates.py}. */
  public static TemplateCases templates() {
    return read("templates.json", TemplateCases.class);
  }

  /** Made by {@code scripts/golden/golden_tools.py}. */
  public static ToolsCases tools() {
    return read("tools.json", ToolsCases.class);
  }

  /** Made by {@code scripts/golden/golden_calls.py}. */
  public static CallCases calls() {
    return read("calls.json", CallCases.class);
  }

  /** Of the demo model's tokenizer. */
  public static TokenizerCases demoTokenizer() {
    return read("demo-tokenizer.json", TokenizerCases.class);
  }

  /** Of the tokenizer that {@link #largeTokenizer()} is. */
  public static TokenizerCases largeTokenizerCases() {
    return read("large-tokenizer.json", TokenizerCases.class);
  }

  /** A tokenizer.json of Phi-3's kind and size. */
  public static byte[] largeTokenizer() {
    try (InputStream in =
        new GZIPInputStream(Golden.class.getResourceAsStream("/golden/large-tokenizer.gz"))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static List<GenerationCase> generationCases() {
    return List.of(read("generation.json", GenerationCase[].class));
  }

  static <T> T read(String name, Class<T> type) {
    return read(MAPPER, name, type);
  }

  private static <T> T read(ObjectMapper mapper, String name, Class<T> type) {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name)) {
      return mapper.readValue(name.endsWith(".gz") ? new GZIPInputStream(in) : in, type);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + name, e);
    }
  }
}
