package dev.ovchat.chat;

import dev.ovchat.tool.ParsedAnswer;
import dev.ovchat.tool.ToolCallFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Splits an answer while it comes: what the model thinks, what it says, and the calls of tools.
 * What may be the beginning of a mark is held back until that is decided; calls are held back to
 * the end.
 */
final class AnswerSplitter {
  private enum At {
    BEGINNING,
    THINKING,
    ANSWER,
    TEXT,
    CALLS
  }

  private final Optional<ThinkingFormat> thinking;
  private final Optional<ToolCallFormat> calls;
  private final Consumer<String> thinkingSink;
  private final Consumer<String> textSink;
  private final StringBuilder thought = new StringBuilder();
  private final StringBuilder said = new StringBuilder();
  private String held = "";
  private At at;
  private boolean hasThought;

  /**
   * @param isThinking true if the prompt ends inside the model's thinking
   * @param calls empty where no tools are offered: then all is text
   */
  AnswerSplitter(
      Optional<ThinkingFormat> thinking,
      boolean isThinking,
      Optional<ToolCallFormat> calls,
      Consumer<String> thinkingSink,
      Consumer<String> textSink) {
    this.thinking = thinking;
    this.calls = calls;
    this.thinkingSink = thinkingSink;
    this.textSink = textSink;
    this.at = thinking.isEmpty() ? At.ANSWER : isThinking ? At.THINKING : At.BEGINNING;
  }

  /** Takes the next piece. */
  void push(String piece) {
    held += piece;
    At before;
    do {
      before = at;
      switch (at) {
        case BEGINNING -> begin();
        case THINKING -> think();
        case ANSWER -> answer();
        case TEXT -> say();
        case CALLS -> {}
      }
    } while (at != before);
  }

  /** Ends the answer: what was held back is decided. */
  ParsedAnswer finish() {
    if (at == At.THINKING) {
      give(thought, thinkingSink, held.stripTrailing());
      return new ParsedAnswer("", List.of(), Optional.empty());
    }
    if (at != At.CALLS) {
      give(said, textSink, at == At.BEGINNING || at == At.ANSWER ? withoutBlank(held) : held);
      return new ParsedAnswer(said.toString(), List.of(), Optional.empty());
    }
    ParsedAnswer parsed = calls.orElseThrow().parse(held);
    String rest = parsed.calls().isEmpty() ? parsed.text() : parsed.text().stripTrailing();
    give(said, textSink, rest);
    return new ParsedAnswer(said.toString(), parsed.calls(), parsed.problem());
  }

  /** The model's thinking, without the marks and the blanks around it. */
  String thinking() {
    return thought.toString();
  }

  private void begin() {
    String mark = thinking.orElseThrow().begin();
    String text = held.stripLeading();
    if (text.startsWith(mark)) {
      held = text.substring(mark.length());
      at = At.THINKING;
    } else if (!mark.startsWith(text)) {
      at = At.ANSWER;
    }
  }

  private void think() {
    if (thought.isEmpty()) {
      held = held.stripLeading();
    }
    String mark = thinking.orElseThrow().end();
    int end = held.indexOf(mark);
    int certain = end >= 0 ? end : certain(held, List.of(mark));
    // Blanks in front of the mark are the template's.
    String piece = held.substring(0, certain).stripTrailing();
    give(thought, thinkingSink, piece);
    held = end >= 0 ? held.substring(end + mark.length()) : held.substring(piece.length());
    if (end >= 0) {
      hasThought = true;
      at = At.ANSWER;
    }
  }

  private void answer() {
    String text = held.stripLeading();
    List<String> beginnings = calls.map(ToolCallFormat::beginnings).orElse(List.of());
    if (beginnings.stream().anyMatch(text::startsWith)) {
      at = At.CALLS;
    } else if (text.isEmpty()
        ? !held.isEmpty() && !hasThought && beginnings.isEmpty()
        : beginnings.stream().noneMatch(beginning -> beginning.startsWith(text))) {
      held = withoutBlank(held);
      at = At.TEXT;
    }
  }

  /** Blanks between the thinking and the answer are the template's. */
  private String withoutBlank(String text) {
    return hasThought ? text.stripLeading() : text;
  }

  private void say() {
    List<String> marks = calls.map(ToolCallFormat::marks).orElse(List.of());
    int mark = marks.stream().mapToInt(held::indexOf).filter(index -> index >= 0).min().orElse(-1);
    int end = mark >= 0 ? mark : certain(held, marks);
    give(said, textSink, held.substring(0, end));
    held = held.substring(end);
    if (mark >= 0) {
      at = At.CALLS;
    }
  }

  /** Number of characters before what may be the beginning of a mark. */
  private static int certain(String text, List<String> marks) {
    List<Integer> lengths = new ArrayList<>(List.of(0));
    for (String mark : marks) {
      for (int length = Math.min(mark.length() - 1, text.length()); length > 0; length--) {
        if (text.regionMatches(text.length() - length, mark, 0, length)) {
          lengths.add(length);
          break;
        }
      }
    }
    return text.length() - lengths.stream().mapToInt(length -> length).max().orElse(0);
  }

  private static void give(StringBuilder all, Consumer<String> sink, String piece) {
    if (!piece.isEmpty()) {
      all.append(piece);
      sink.accept(piece);
    }
  }
}
