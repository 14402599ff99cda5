package dev.ovchat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** What the Python originals gave; made by {@code scripts/golden.py}. */
public final class Golden {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

  /** A text, its ids by AutoTokenizer, and their text. */
  public record TokenizerCase(
      String text,
      boolean addSpecialTokens,
      List<Integer> ids,
      String decoded,
      String decodedWithoutSpecialTokens) {}

  /** A prompt, and what optimum-intel made of it. */
  public record GenerationCase(
      String prompt, int maxNewTokens, List<Integer> sequence, String text) {}

  private Golden() {}

  public static List<TokenizerCase> tokenizerCases() {
    return List.of(read("tokenizer.json", TokenizerCase[].class));
  }

  public static List<GenerationCase> generationCases() {
    return List.of(read("generation.json", GenerationCase[].class));
  }

  private static <T> T read(String name, Class<T> type) {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name)) {
      return MAPPER.readValue(in, type);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + name, e);
    }
  }
}
