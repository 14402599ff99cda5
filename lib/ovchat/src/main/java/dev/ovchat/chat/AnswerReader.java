package dev.ovchat.chat;

import dev.ovchat.generate.GenerationListener;
import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import dev.ovchat.tool.ParsedAnswer;
import dev.ovchat.tool.ToolCallFormat;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Reads an answer while it is generated, and hands on what the model thinks and what it says. Marks
 * that are special tokens, which are no part of the text, are put back into it.
 */
final class AnswerReader implements GenerationListener {
  private final AnswerSplitter splitter;
  private final Map<Integer, String> marks = new HashMap<>();
  private ParsedAnswer answer;

  AnswerReader(
      Tokenizer tokenizer,
      Optional<ThinkingFormat> thinking,
      boolean isThinking,
      Optional<ToolCallFormat> calls,
      Consumer<String> thinkingSink,
      Consumer<String> textSink) {
    this.splitter = new AnswerSplitter(thinking, isThinking, calls, thinkingSink, textSink);
    Stream.concat(
            thinking.stream().flatMap(format -> Stream.of(format.begin(), format.end())),
            calls.stream().flatMap(format -> format.allMarks().stream()))
        .forEach(mark -> specialToken(tokenizer, mark).ifPresent(id -> marks.put(id, mark)));
  }

  /** The id of a text that is a special token. */
  static OptionalInt specialToken(Tokenizer tokenizer, String text) {
    TokenIds ids = tokenizer.encode(text, EncodeOptions.AS_IT_IS);
    return ids.size() == 1 && tokenizer.decode(ids, DecodeOptions.READABLE).isEmpty()
        ? OptionalInt.of(ids.get(0))
        : OptionalInt.empty();
  }

  @Override
  public void token(int id) {
    String mark = marks.get(id);
    if (mark != null) {
      splitter.push(mark);
    }
  }

  @Override
  public void text(String piece) {
    splitter.push(piece);
  }

  @Override
  public void end() {
    answer = splitter.finish();
  }

  /** The answer, once it is over. */
  ParsedAnswer answer() {
    return answer;
  }

  /** The model's thinking. */
  String thinking() {
    return splitter.thinking();
  }
}
