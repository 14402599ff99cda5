package dev.ovchat.generate;

import java.util.Locale;

/** When beam search is over; transformers' {@code early_stopping}. */
public enum EarlyStopping {
  /** As soon as there are {@code numBeams} complete answers: transformers' {@code true}. */
  TRUE,
  /** When a better answer is unlikely: transformers' {@code false}. */
  FALSE,
  /** When there can be no better answer: transformers' {@code "never"}. */
  NEVER;

  static EarlyStopping of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
