package dev.ovchat.config;

import dev.ovchat.modeldir.GenerationConfigFile;
import java.util.List;
import java.util.stream.Stream;

/**
 * Fields of transformers' generation config that change completions and that ovchat does not have.
 */
final class MissingFields {
  /**
   * Fields with an effect whatever their value: a time of 0 ends a completion, and there is a token
   * of that id.
   */
  private static final List<String> ALWAYS_ON = List.of("max_time", "forced_eos_token_id");

  /** Fields without an effect unless above 0. */
  private static final List<String> ON_ABOVE_ZERO =
      List.of("min_length", "encoder_no_repeat_ngram_size", "penalty_alpha");

  /** Fields without an effect at 0, {@code false}, {@code null} or empty. */
  private static final List<String> OFF_AT_ZERO =
      List.of(
          "top_h",
          "epsilon_cutoff",
          "eta_cutoff",
          "sequence_bias",
          "suppress_tokens",
          "begin_suppress_tokens",
          "forced_bos_token_id",
          "exponential_decay_length_penalty",
          "remove_invalid_values",
          "watermarking_config",
          "token_healing",
          "diversity_penalty",
          "constraints",
          "force_words_ids",
          "dola_layers");

  /** Fields without an effect at 1. */
  private static final List<String> OFF_AT_ONE =
      List.of("encoder_repetition_penalty", "guidance_scale", "num_beam_groups");

  private MissingFields() {}

  /** Refuses a file that sets one of them: completions would silently differ from its authors'. */
  static void refuse(GenerationConfigFile file) {
    Stream.of(
            ALWAYS_ON.stream().filter(file::isSet),
            ON_ABOVE_ZERO.stream().filter(field -> file.number(field).orElse(0.0) > 0),
            OFF_AT_ZERO.stream().filter(field -> file.isOn(field, 0)),
            OFF_AT_ONE.stream().filter(field -> file.isOn(field, 1)))
        .flatMap(fields -> fields)
        .findFirst()
        .ifPresent(
            field -> {
              throw new GenerationException(
                  """
                  %s sets %s, which ovchat does not have: answers would be others than in Python. \
                  Take the field out of the file to go on without it.\
                  """
                      .formatted(file.path(), field));
            });
  }
}
