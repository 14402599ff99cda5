package dev.ovchat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * What transformers' logits processors gave, and optimum-intel with them; made by {@code
 * scripts/golden_processors.py}. Logits are null where a token is ruled out.
 */
public record GoldenProcessors(
    List<Row> rows, List<Single> singles, List<Chain> chains, List<Answer> generations) {

  /** Logits as a model gives them. */
  public record Row(String name, List<Float> logits) {}

  /** One processor; of its arguments those that it does not take are 0 or empty. */
  public record Single(
      String processor,
      double value,
      double frequency,
      int minTokensToKeep,
      List<List<Integer>> badWordsIds,
      List<Integer> eosTokenIds,
      String row,
      List<Integer> ids,
      int promptSize,
      List<Float> expected) {

    /** Short: it names a test. */
    @Override
    public String toString() {
      return processor + " " + value + " " + minTokensToKeep + " " + row;
    }
  }

  /**
   * The processors that transformers makes of a config.
   *
   * @param config a generation_config.json
   * @param chain the processors' names
   */
  public record Chain(
      String config,
      List<String> chain,
      String row,
      List<Integer> ids,
      int promptSize,
      List<Float> expected) {

    @Override
    public String toString() {
      return config + " " + row;
    }
  }

  /**
   * What optimum-intel generated on the demo model.
   *
   * @param config a generation_config.json
   */
  public record Answer(String config, List<Integer> prompt, List<Integer> answer) {

    @Override
    public String toString() {
      return config + " " + prompt.size();
    }
  }

  public static GoldenProcessors read() {
    ObjectMapper mapper =
        new ObjectMapper().enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);
    try (InputStream in = GoldenProcessors.class.getResourceAsStream("/golden/processors.json")) {
      return mapper.readValue(in, GoldenProcessors.class);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read processors.json", e);
    }
  }

  /** A row of logits as an array of its own. */
  public float[] logits(String name) {
    return array(
        rows.stream().filter(row -> row.name.equals(name)).findFirst().orElseThrow().logits);
  }

  /** As the processors have them: minus infinity for a token that is ruled out. */
  public static float[] array(List<Float> logits) {
    float[] array = new float[logits.size()];
    for (int id = 0; id < array.length; id++) {
      array[id] = logits.get(id) == null ? Float.NEGATIVE_INFINITY : logits.get(id);
    }
    return array;
  }
}
