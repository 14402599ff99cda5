package dev.ovchat.progress;

import java.util.Optional;

/** Provides lines of progress; found by {@link java.util.ServiceLoader}. */
public interface StatusLineProvider {
  /** Returns a new line; empty where this provider does not apply, such as outside its kernel. */
  Optional<StatusLine> line();
}
