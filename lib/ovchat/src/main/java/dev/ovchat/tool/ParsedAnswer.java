package dev.ovchat.tool;

import java.util.List;
import java.util.Optional;

/**
 * Calls of tools in an answer, and the text around them.
 *
 * @param text the text without the calls
 * @param calls the calls in their order
 * @param problem what is wrong with a call that cannot be read, as a sentence; it is a part of the
 *     text
 */
public record ParsedAnswer(String text, List<ToolCall> calls, Optional<String> problem) {

  /** Copies the list. */
  public ParsedAnswer {
    calls = List.copyOf(calls);
  }
}
