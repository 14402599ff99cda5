package dev.ovchat.progress;

import java.util.Optional;

/** Has a place for a line of progress; found by {@link java.util.ServiceLoader}. */
public interface LineProvider {
  /** A new line in that place; empty where this program does not run there. */
  Optional<Line> line();
}
