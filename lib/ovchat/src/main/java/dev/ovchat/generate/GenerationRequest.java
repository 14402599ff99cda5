package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.modeldir.ModelConfig;
import dev.ovchat.sampling.LogitsProcessor;
import dev.ovchat.sampling.Sampler;
import dev.ovchat.sampling.TokenSequence;
import dev.ovchat.text.TokenIds;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A prompt and the config to complete it with, checked against the model, and the caller's hooks.
 *
 * @param config the settings, with the model's own values in place of those that were not set
 * @param hooks empty where the caller gave none
 */
record GenerationRequest(
    TokenIds prompt, GenerationConfig config, ModelConfig model, Optional<GenerationHooks> hooks) {
  /** transformers' default where no length is set. */
  private static final int DEFAULT_MAX_NEW_TOKENS = 20;

  /**
   * Checks prompt and config.
   *
   * @throws GenerationException if the model cannot generate as asked
   */
  GenerationRequest {
    config.requireUsable();
    requireRoom(prompt, config, model);
    requireKnown("The prompt holds", prompt.stream(), model);
    requireKnown(
        "badWordsIds names",
        config.badWordsIds().stream().flatMap(Collection::stream).mapToInt(Integer::intValue),
        model);
    requireSupported(config);
  }

  /** The prompt with an empty completion. */
  TokenSequence begin() {
    return new TokenSequence(prompt, limit(), config.eosTokenIds().orElse(List.of()));
  }

  /** The maximum number of new tokens, by the config and the model's context. */
  int limit() {
    return Math.min(
        longestCompletion(config),
        longestSequence(config, model.maxPositionEmbeddings()) - prompt.size());
  }

  /** The maximum number of new tokens, as far as the config bounds it by itself. */
  static int longestCompletion(GenerationConfig config) {
    return config.maxNewTokens().or(() -> config.maxLength()).orElse(DEFAULT_MAX_NEW_TOKENS);
  }

  /**
   * The maximum length of a prompt that leaves the completion the room that the config asks for, or
   * half of what prompt and completion may have together.
   */
  static int longestPrompt(GenerationConfig config, int context) {
    int longest = longestSequence(config, context);
    return longest - Math.min(longestCompletion(config), longest / 2);
  }

  /** The maximum length of prompt and completion together, in tokens. */
  static int longestSequence(GenerationConfig config, int context) {
    return config.maxNewTokens().isPresent()
        ? context
        : Math.min(context, config.maxLength().orElse(context));
  }

  /**
   * Refuses an invalid draft.
   *
   * @throws GenerationException if it has more tokens than allowed, or an id outside the vocabulary
   */
  void requireDraft(int[] draft, int most) {
    if (draft.length > most) {
      throw new GenerationException(
          String.format(
              Locale.ROOT, "The draft has %d tokens; it may have %d at most.", draft.length, most));
    }
    requireKnown("The draft holds", Arrays.stream(draft), model);
  }

  /** Tests whether the config asks for beams or several completions. */
  boolean asksForSeveral() {
    return config.numBeams() > 1 || config.numReturnSequences() > 1;
  }

  /** The listener of its first completion. */
  Optional<GenerationListener> listener() {
    return hooks.flatMap(GenerationHooks::listener);
  }

  Optional<Cancellation> cancellation() {
    return hooks.flatMap(GenerationHooks::cancellation);
  }

  /** The caller's own logits processors. */
  List<LogitsProcessor> logitsProcessors() {
    return hooks.map(GenerationHooks::logitsProcessors).orElse(List.of());
  }

  /** The caller's own sampler. */
  Optional<Sampler> sampler() {
    return hooks.flatMap(GenerationHooks::sampler);
  }

  /** The drafter: the caller's own, or the one that the config asks for. */
  Optional<Drafter> drafter() {
    return hooks.flatMap(GenerationHooks::drafter).or(this::promptLookup);
  }

  private Optional<Drafter> promptLookup() {
    return config.promptLookupNumTokens().map(PromptLookup::new);
  }

  /**
   * Requires a config for one completion, for callers that work on one at a time.
   *
   * @throws GenerationException if the config asks for beams or several completions
   */
  void requireOneCompletion() {
    if (asksForSeveral()) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              "numBeams is %d and numReturnSequences is %d, but this works on one answer at a time;"
                  + " both have to be 1.",
              config.numBeams(),
              config.numReturnSequences()));
    }
  }

  /** Refuses a custom sampler for beams, which choose several tokens at a time. */
  void requireNoSampler() {
    if (sampler().isPresent()) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              "numBeams is %d, but a sampler chooses one token at a time; it has to be 1, or leave"
                  + " the sampler out.",
              config.numBeams()));
    }
  }

  /** Refuses an empty prompt. */
  static void requirePrompt(TokenIds prompt) {
    if (prompt.isEmpty()) {
      throw new GenerationException("The prompt is empty; it has to hold at least one token.");
    }
  }

  private static void requireRoom(TokenIds prompt, GenerationConfig config, ModelConfig model) {
    requirePrompt(prompt);
    if (prompt.size() >= model.maxPositionEmbeddings()) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              "The prompt has %d tokens; the model's context of %d has to hold prompt and answer"
                  + " together.",
              prompt.size(),
              model.maxPositionEmbeddings()));
    }
    if (config.maxNewTokens().isEmpty()) {
      config
          .maxLength()
          .filter(length -> length <= prompt.size())
          .ifPresent(
              length -> {
                throw new GenerationException(
                    String.format(
                        Locale.ROOT,
                        "The prompt has %d tokens, but maxLength is %d; it has to hold prompt and"
                            + " answer together. Set it to %d or more, or set maxNewTokens.",
                        prompt.size(),
                        length,
                        prompt.size() + 1));
              });
    }
  }

  /**
   * Refuses ids outside the vocabulary. OpenVINO answers an unknown id with plausible noise, so it
   * is looked for here.
   */
  static void requireKnown(String where, IntStream ids, ModelConfig model) {
    ids.filter(id -> id < 0 || id >= model.vocabSize())
        .findFirst()
        .ifPresent(
            id -> {
              throw new GenerationException(
                  String.format(
                      Locale.ROOT,
                      "%s the id %d; this model's vocabulary allows 0 to %d.",
                      where,
                      id,
                      model.vocabSize() - 1));
            });
  }

  private static void requireSupported(GenerationConfig config) {
    int asked = config.numReturnSequences();
    int numBeams = config.numBeams();
    if (numBeams > 1 && asked > numBeams) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              """
              numReturnSequences is %d, but numBeams is %d, and beam search gives one answer for each beam at \
              most. Set numReturnSequences to %d or less, or numBeams to %d or more.\
              """,
              asked,
              numBeams,
              numBeams,
              asked));
    }
    if (numBeams == 1 && asked > 1 && !config.doSample()) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              """
              numReturnSequences is %d, but without doSample(true) all answers would be the same; it has to \
              be 1, or numBeams %d or more.\
              """,
              asked,
              asked));
    }
  }
}
