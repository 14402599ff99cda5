package dev.ovchat.experiment;

import java.util.Map;
import java.util.Optional;

/**
 * One run of one config.
 *
 * @param date when it ended, in ISO 8601 with seconds, UTC
 * @param seed what the order of the runs came from
 * @param round from 1
 * @param measured empty where it failed
 * @param reason why it failed, in one line; empty where it did not
 */
record Run(
    String date,
    long seed,
    int round,
    Map<String, String> config,
    Optional<Measured> measured,
    String reason) {

  boolean failed() {
    return measured.isEmpty();
  }
}
