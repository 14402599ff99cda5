package dev.ovchat.experiment;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an experiment advises.
 *
 * @param config the config to take: the baseline's where no difference was found
 * @param found whether it is another one than the baseline's
 * @param evidence what it rests on, in words
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
