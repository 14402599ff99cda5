package dev.ovchat.sampling;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.grammar.FormatRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The processors that a config asks for, and the caller's own. */
public final class LogitsProcessors {
  private LogitsProcessors() {}

  /**
   * Processors in transformers' order (its {@code _get_logits_processor}): {@link #rules}, and
   * after them {@link #warpers}.
   *
   * @param own the caller's own
   * @return the processors; none where logits are to stay as they are
   */
  public static List<LogitsProcessor> of(GenerationConfig config, List<LogitsProcessor> own) {
    return of(config, own, Optional.empty());
  }

  /** Same as above with the rule of a response format. */
  public static List<LogitsProcessor> of(
      GenerationConfig config, List<LogitsProcessor> own, Optional<FormatRule> format) {
    List<LogitsProcessor> processors = new ArrayList<>(rules(config, own, format));
    processors.addAll(warpers(config));
    return List.copyOf(processors);
  }

  /**
   * Penalties, bans and rules. The two penalties that transformers lacks come after the repetition
   * penalty. Each keeps the memory that it works in, so they serve one generation.
   *
   * @param own the caller's own
   * @param format the rule of the response format; it comes after the caller's own, which cannot
   *     undo it
   */
  public static List<LogitsProcessor> rules(
      GenerationConfig config, List<LogitsProcessor> own, Optional<FormatRule> format) {
    List<LogitsProcessor> processors = new ArrayList<>();
    addPenalties(config, processors);
    addBans(config, processors);
    own.forEach(processor -> processors.add(new CheckedLogitsProcessor(processor)));
    format.ifPresent(rule -> processors.add(new ResponseFormatLogitsProcessor(rule)));
    return List.copyOf(processors);
  }

  /** The processors that only shape the sampling; none in greedy generation. */
  public static List<LogitsProcessor> warpers(GenerationConfig config) {
    List<LogitsProcessor> processors = new ArrayList<>();
    if (config.doSample()) {
      addWarpers(config, minTokensToKeep(config), processors);
    }
    return List.copyOf(processors);
  }

  private static void addPenalties(GenerationConfig config, List<LogitsProcessor> processors) {
    if (config.repetitionPenalty() != 1) {
      processors.add(new RepetitionPenaltyLogitsProcessor(config.repetitionPenalty()));
    }
    if (config.presencePenalty() != 0 || config.frequencyPenalty() != 0) {
      processors.add(
          new PresenceAndFrequencyPenaltyProcessor(
              config.presencePenalty(), config.frequencyPenalty()));
    }
  }

  private static void addBans(GenerationConfig config, List<LogitsProcessor> processors) {
    List<Integer> eosTokenIds = config.eosTokenIds().orElse(List.of());
    if (config.noRepeatNgramSize() > 0) {
      processors.add(new NoRepeatNGramLogitsProcessor(config.noRepeatNgramSize()));
    }
    if (!config.badWordsIds().isEmpty()) {
      processors.add(new NoBadWordsLogitsProcessor(config.badWordsIds(), eosTokenIds));
    }
    if (config.minNewTokens() > 0 && !eosTokenIds.isEmpty()) {
      processors.add(new MinNewTokensLengthLogitsProcessor(config.minNewTokens(), eosTokenIds));
    }
  }

  private static void addWarpers(
      GenerationConfig config, int minTokensToKeep, List<LogitsProcessor> processors) {
    if (config.temperature() != 1) {
      processors.add(new TemperatureLogitsWarper(config.temperature()));
    }
    if (config.topK() > 0) {
      processors.add(new TopKLogitsWarper(config.topK(), minTokensToKeep));
    }
    if (config.topP() < 1) {
      processors.add(new TopPLogitsWarper(config.topP(), minTokensToKeep));
    }
    config.minP().ifPresent(minP -> processors.add(new MinPLogitsWarper(minP, minTokensToKeep)));
    if (config.typicalP() < 1) {
      processors.add(new TypicalLogitsWarper(config.typicalP(), minTokensToKeep));
    }
  }

  /**
   * Minimum number of tokens to keep. With beams, a beam that could end needs a token beside the
   * end tokens to go on with.
   */
  private static int minTokensToKeep(GenerationConfig config) {
    int endTokens = config.eosTokenIds().map(List::size).orElse(1);
    return config.numBeams() > 1 ? endTokens + 1 : 1;
  }
}
