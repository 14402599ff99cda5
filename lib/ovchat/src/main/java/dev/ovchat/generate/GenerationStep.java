package dev.ovchat.generate;

import java.util.List;
import java.util.Optional;

/**
 * How one token of an answer was chosen.
 *
 * <p>The processed values are those after all processors in force (transformers' {@code scores};
 * the others come from its {@code logits}). A draw is made by them. In greedy generation
 * transformers leaves out what only shapes a draw (temperature, topK, topP, minP, typicalP), and so
 * do they: they hold penalties and bans alone.
 *
 * @param place which token of the answer it is, from 0
 * @param id the token that was chosen
 * @param text the text that it stands for, by {@link dev.ovchat.text.Tokenizer#visibleToken}
 * @param probability the chosen token's by the model's own logits, 0 to 1
 * @param processedProbability the chosen token's by the processed logits, 0 to 1
 * @param entropy how undecided the model was, in nats: {@code -Σ p ln p} over the vocabulary
 *     (Shannon's); from 0, where one token is certain, to the natural logarithm of the vocabulary's
 *     size, where all are alike
 * @param processedEntropy the same after the processors, in nats
 * @param candidates the likeliest tokens by the model's own logits, and the chosen one if it is not
 *     among them; the likeliest first, and of equal ones the lower id
 */
public record GenerationStep(
    int place,
    int id,
    String text,
    double probability,
    double processedProbability,
    double entropy,
    double processedEntropy,
    List<Candidate> candidates) {

  /** Copies the list. */
  public GenerationStep {
    candidates = List.copyOf(candidates);
  }

  /** The likeliest candidate that was not chosen; empty where the chosen one is the only one. */
  public Optional<Candidate> runnerUp() {
    return candidates.stream().filter(candidate -> candidate.id() != id).findFirst();
  }
}
