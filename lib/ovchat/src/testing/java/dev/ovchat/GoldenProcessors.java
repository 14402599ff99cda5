package dev.ovchat;

import java.util.List;

/**
 * What transformers' logits processors gave, and optimum-intel with them; made by {@code
 * scripts/golden/golden_processors.py}. Logits are null where a token is ruled out.
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
    return Golden.read("processors.json", GoldenProcessors.class);
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
