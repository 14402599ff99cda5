package dev.ovchat.generate;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * One token of a completion, and how it was chosen.
 *
 * <p>The processed values are those after all processors in force (transformers' {@code scores};
 * the others come from its {@code logits}). A token is sampled by them. In greedy generation
 * transformers leaves out what only shapes the sampling (temperature, topK, topP, minP, typicalP),
 * and so do they: they hold penalties and bans alone.
 *
 * @param position the index of the token in the completion, from 0
 * @param id the id of the chosen token
 * @param text the text that it stands for, by {@link dev.ovchat.text.Tokenizer#visibleToken}
 * @param probability the chosen token's probability by the model's own logits, 0 to 1
 * @param processedProbability the chosen token's probability by the processed logits, 0 to 1
 * @param entropy the uncertainty of the model, in nats: {@code -Σ p ln p} over the vocabulary
 *     (Shannon's); from 0, where one token is certain, to the natural logarithm of the vocabulary's
 *     size, where all are equally probable
 * @param processedEntropy the same after the processors, in nats
 * @param forbiddenProbability the probability that rules took away: that of all tokens together
 *     that a rule rules out, by the model's own logits; 0 without a rule, and 1 where none is left
 *     of what the model would have said. {@link Candidate#forbidden()} names the rules
 * @param candidates the most probable tokens by the model's own logits, and the chosen one if it is
 *     not among them; most probable first, and of equal ones the lower id
 */
public record GenerationStep(
    int position,
    int id,
    String text,
    double probability,
    double processedProbability,
    double entropy,
    double processedEntropy,
    double forbiddenProbability,
    List<Candidate> candidates) {

  /** Copies the list. */
  public GenerationStep {
    candidates = List.copyOf(candidates);
  }

  /**
   * The probability of some tokens together, 0 to 1, by the model's own logits; of those among them
   * that are candidates.
   */
  public double probabilityOf(Collection<Integer> ids) {
    return candidates.stream()
        .filter(candidate -> ids.contains(candidate.id()))
        .mapToDouble(Candidate::probability)
        .sum();
  }

  /** The token that the model wanted and a rule forbids; empty where it got the one it wanted. */
  public Optional<Candidate> wanted() {
    return candidates.stream().limit(1).filter(Candidate::forbidden).findFirst();
  }

  /**
   * The most probable candidate that was not chosen; empty where the chosen one is the only one.
   */
  public Optional<Candidate> runnerUp() {
    return candidates.stream().filter(candidate -> candidate.id() != id).findFirst();
  }
}
