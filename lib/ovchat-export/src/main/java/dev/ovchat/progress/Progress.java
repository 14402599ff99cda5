package dev.ovchat.progress;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * The progress of long work at one moment.
 *
 * @param what the current step, for instance {@code round 2 of 5: NUM_STREAMS=2}
 * @param done the amount done, in {@code unit}
 * @param total the total amount, in {@code unit}; 0 if unknown
 * @param unit the unit, in the plural, for instance {@code runs}
 * @param elapsed the time since the work began
 */
public record Progress(String what, long done, long total, String unit, Duration elapsed) {

  /** Average amount done per second so far; 0 before anything is done. */
  public double rate() {
    double seconds = elapsed.toNanos() / 1e9;
    return done == 0 || seconds == 0 ? 0 : done / seconds;
  }

  /** The time that the rest takes at this rate; empty if the rate or the total is unknown. */
  public Optional<Duration> timeLeft() {
    return rate() == 0 || total == 0
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(Math.round(1000 * Math.max(0, total - done) / rate())));
  }

  /** Tests whether all of the work is done; false if the total is unknown. */
  public boolean isOver() {
    return total > 0 && done >= total;
  }

  /** A text such as {@code 3 of 40 runs, 74 s left: round 1 of 5: NUM_STREAMS=2}. */
  @Override
  public String toString() {
    String of = total == 0 ? "" : " of " + total;
    String left =
        timeLeft()
            .map(time -> String.format(Locale.ROOT, ", %d s left", time.toSeconds()))
            .orElse("");
    return done + of + " " + unit + left + (what.isEmpty() ? "" : ": " + what);
  }
}
