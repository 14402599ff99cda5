package dev.ovchat.config;

import java.util.Locale;
import java.util.stream.Stream;

/**
 * Condition on which beam search ends, once there are {@code numBeams} complete beams;
 * transformers' {@code early_stopping}.
 */
public enum EarlyStopping {
  /** End at once: transformers' {@code true}. */
  TRUE,
  /**
   * End when the most probable beam that goes on, at its present length, has no better score than
   * the worst complete one: a better completion is unlikely then. transformers' {@code false}.
   */
  FALSE,
  /**
   * End when that beam would have no better score even if all its further tokens were certain: with
   * a {@code lengthPenalty} above 0, at the longest length allowed. transformers' {@code "never"}.
   */
  NEVER;

  static EarlyStopping of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** The value by transformers' word of it, or the truth value that stands for it. */
  static EarlyStopping of(Object value) {
    return Stream.of(values())
        .filter(known -> known.word().equals(String.valueOf(value)))
        .findFirst()
        .orElseThrow(() -> new ClassCastException(value + " is none of them."));
  }

  /** transformers' word of it, for instance {@code never}. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
