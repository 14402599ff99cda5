package dev.ovchat;

import java.util.List;

/** What optimum-intel found on the demo model; made by {@code scripts/golden/golden_beams.py}. */
public record GoldenBeams(List<Search> beams, List<Stop> stops) {

  /**
   * A beam search.
   *
   * @param config a generation_config.json
   * @param answers best first
   * @param scores of the answers
   * @param gap the smallest difference between two scores that were compared
   */
  public record Search(
      String config,
      List<Integer> prompt,
      List<List<Integer>> answers,
      List<Double> scores,
      double gap) {

    /** Short: it names a test. */
    @Override
    public String toString() {
      return config + " " + prompt.size();
    }
  }

  /** A greedy answer with stop strings. */
  public record Stop(String config, List<Integer> prompt, List<Integer> answer) {

    @Override
    public String toString() {
      return config + " " + prompt.size();
    }
  }

  public static GoldenBeams read() {
    return Golden.read("beams.json", GoldenBeams.class);
  }
}
