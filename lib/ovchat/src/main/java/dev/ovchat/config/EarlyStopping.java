package dev.ovchat.config;

import java.util.Locale;

/**
 * When beam search is over, once there are {@code numBeams} complete answers; transformers' {@code
 * early_stopping}.
 */
public enum EarlyStopping {
  /** At once: transformers' {@code true}. */
  TRUE,
  /**
   * When the likeliest beam that goes on, as long as it is, has no better score than the worst of
   * them: a better answer is unlikely then. transformers' {@code false}.
   */
  FALSE,
  /**
   * When that beam would have no better score even if all its further tokens were certain: with a
   * {@code lengthPenalty} above 0, at the longest length allowed. transformers' {@code "never"}.
   */
  NEVER;

  static EarlyStopping of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
