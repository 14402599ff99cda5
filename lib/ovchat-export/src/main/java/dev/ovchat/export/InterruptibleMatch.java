package dev.ovchat.export;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A text whose match with a regular expression ends when the thread is interrupted: a few groups
 * and a backreference are enough for a match that takes years.
 */
record InterruptibleMatch(String text) implements CharSequence {
  /**
   * Finds the elements whose names match from their beginning.
   *
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  static <T> List<T> filter(List<T> all, Function<T, String> name, Pattern pattern)
      throws InterruptedException {
    try {
      return all.stream()
          .filter(each -> pattern.matcher(new InterruptibleMatch(name.apply(each))).lookingAt())
          .toList();
    } catch (CancellationException e) {
      throw (InterruptedException) new InterruptedException().initCause(e);
    }
  }

  @Override
  public char charAt(int index) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException();
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new InterruptibleMatch(text.substring(start, end));
  }

  @Override
  public String toString() {
    return text;
  }
}
