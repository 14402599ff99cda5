package dev.ovchat.generate;

import java.util.List;

/**
 * A generation, and how each of its tokens was chosen.
 *
 * @param generation the one that {@link CausalLM#generate} gives; its metrics hold the time that
 *     explaining took
 * @param steps a step for each token of the completion, in its order
 */
public record Explanation(Generation generation, List<GenerationStep> steps) {

  /** Copies the list. */
  public Explanation {
    steps = List.copyOf(steps);
  }
}
