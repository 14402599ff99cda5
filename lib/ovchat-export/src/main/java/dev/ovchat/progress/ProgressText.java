package dev.ovchat.progress;

import dev.ovchat.message.Digits;
import dev.ovchat.message.VisibleText;
import java.time.Duration;
import java.util.Locale;

/** Progress of work as text on one line. */
final class ProgressText {
  private static final int BAR = 20;

  private ProgressText() {}

  /**
   * A text such as {@code ██████░░░░░░░░░░░░░░ 3 of 10 runs, 12.5 runs/min, 34 s left:
   * NUM_STREAMS=2}.
   */
  static String of(Progress progress) {
    String what = VisibleText.onOneLine(progress.what());
    if (progress.total() <= 0 && progress.done() == 0) {
      return what + ": " + time(progress.elapsed());
    }
    if (progress.isOver()) {
      return "%s, took %s%s".formatted(counted(progress), time(progress.elapsed()), after(what));
    }
    return bar(progress)
        + counted(progress)
        + (progress.rate() == 0 ? "" : ", " + rate(progress))
        + ", "
        + progress.timeLeft().map(left -> time(left) + " left").orElse(time(progress.elapsed()))
        + after(what);
  }

  private static String after(String what) {
    return what.isBlank() ? "" : ": " + what;
  }

  private static String bar(Progress progress) {
    if (progress.total() <= 0) {
      return "";
    }
    long full = Math.max(0, Math.min(BAR, BAR * progress.done() / progress.total()));
    return "█".repeat((int) full) + "░".repeat((int) (BAR - full)) + " ";
  }

  private static String counted(Progress progress) {
    String total = progress.total() > 0 ? " of " + Digits.grouped(progress.total()) : "";
    return Digits.grouped(progress.done()) + total + " " + progress.unit();
  }

  private static String rate(Progress progress) {
    double perSecond = progress.rate();
    return perSecond < 1
        ? String.format(Locale.ROOT, "%.1f %s/min", 60 * perSecond, progress.unit())
        : String.format(Locale.ROOT, "%.1f %s/s", perSecond, progress.unit());
  }

  /** A duration as text: 0.3 s, 74 s, 12 min 5 s, or 3 h 20 min. */
  static String time(Duration time) {
    long seconds = time.toSeconds();
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
    } else if (seconds < 100) {
      return seconds + " s";
    } else if (seconds < 3600) {
      return String.format(Locale.ROOT, "%d min %d s", seconds / 60, seconds % 60);
    }
    return String.format(Locale.ROOT, "%d h %d min", seconds / 3600, seconds / 60 % 60);
  }
}
