package dev.ovchat.generate;

import dev.ovchat.checkpoint.ModelConfig;
import dev.ovchat.text.TokenIds;
import java.util.Collection;
import java.util.stream.IntStream;

/**
 * A prompt and how to answer it, checked against the model.
 *
 * @param config with the model's own values in place of those that were not set
 */
record GenerationRequest(TokenIds prompt, GenerationConfig config, ModelConfig model) {
  /** What transformers takes where nothing else is said. */
  private static final int DEFAULT_MAX_NEW_TOKENS = 20;

  /**
   * Checks all of it.
   *
   * @throws GenerationException if the model cannot answer as asked
   */
  GenerationRequest {
    requireRoom(prompt, config, model);
    requireKnown("The prompt holds", prompt.stream(), model);
    requireKnown(
        "badWordsIds names",
        config.badWordsIds().stream().flatMap(Collection::stream).mapToInt(Integer::intValue),
        model);
    requireSupported(config);
  }

  /** The longest answer in tokens, by the config and the model's context. */
  int limit() {
    int asked =
        config
            .maxNewTokens()
            .or(() -> config.maxLength().map(length -> length - prompt.size()))
            .orElse(DEFAULT_MAX_NEW_TOKENS);
    return Math.min(asked, model.maxPositionEmbeddings() - prompt.size());
  }

  private static void requireRoom(TokenIds prompt, GenerationConfig config, ModelConfig model) {
    if (prompt.isEmpty()) {
      throw new GenerationException("The prompt is empty; it has to hold at least one token.");
    }
    if (prompt.size() >= model.maxPositionEmbeddings()) {
      throw new GenerationException(
          "The prompt has %d tokens; the model's context of %d has to hold prompt and answer together."
              .formatted(prompt.size(), model.maxPositionEmbeddings()));
    }
    if (config.maxNewTokens().isEmpty()) {
      config
          .maxLength()
          .filter(length -> length <= prompt.size())
          .ifPresent(
              length -> {
                throw new GenerationException(
                    "The prompt has %d tokens, but maxLength is %d; it has to hold prompt and answer together. Set it to %d or more, or set maxNewTokens."
                        .formatted(prompt.size(), length, prompt.size() + 1));
              });
    }
  }

  /** OpenVINO answers an unknown id with plausible noise, so it is looked for here. */
  private static void requireKnown(String where, IntStream ids, ModelConfig model) {
    ids.filter(id -> id < 0 || id >= model.vocabSize())
        .findFirst()
        .ifPresent(
            id -> {
              throw new GenerationException(
                  "%s the id %d; this model's vocabulary allows 0 to %d."
                      .formatted(where, id, model.vocabSize() - 1));
            });
  }

  private static void requireSupported(GenerationConfig config) {
    if (config.numBeams() > 1) {
      throw new GenerationException(
          "numBeams is %d, but there is no beam search yet; it has to be 1."
              .formatted(config.numBeams()));
    }
    if (config.numReturnSequences() > 1) {
      throw new GenerationException(
          "numReturnSequences is %d, but one answer at a time is all there is yet; it has to be 1."
              .formatted(config.numReturnSequences()));
    }
    if (!config.stopStrings().isEmpty()) {
      throw new GenerationException(
          "stopStrings is %s, but answers cannot be ended by a text yet; it has to be empty."
              .formatted(config.stopStrings()));
    }
  }
}
