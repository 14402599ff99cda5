package dev.ovchat.experiment;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The recommendation of an experiment.
 *
 * @param config the recommended config: the baseline's if no faster one was found
 * @param found whether it differs from the baseline's
 * @param evidence the evidence for it, in words
 */
public record Advice(Map<String, String> config, boolean found, String evidence) {

  /** Copies the map. */
  public Advice {
    config = Collections.unmodifiableMap(new TreeMap<>(config));
  }

  /** The evidence. */
  @Override
  public String toString() {
    return evidence;
  }
}
