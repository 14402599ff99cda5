package dev.ovchat.experiment;

import java.util.Map;
import java.util.Optional;

/**
 * One run of one config.
 *
 * @param date time of its end, in ISO 8601 with seconds, UTC
 * @param seed random seed of the order of the runs
 * @param round number of the round, from 1
 * @param measured its figures; empty if it failed
 * @param reason reason of its failure, in one line; empty if it did not fail
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
