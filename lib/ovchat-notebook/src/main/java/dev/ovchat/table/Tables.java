package dev.ovchat.table;

import dev.ovchat.chat.Chat;
import dev.ovchat.chat.ChatMessage;
import dev.ovchat.generate.Generation;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.util.List;
import java.util.Map;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.numbers.DoubleColumnType;

/** Tables of records, and of the results of a chat's steps. */
public final class Tables {
  private Tables() {}

  /**
   * A row per record and a column per component, titled by its name in words: {@code newTokens}
   * gives {@code new tokens}, {@code firstTokenMillis} gives {@code first token (ms)}, {@code
   * tokensPerSecond} gives {@code tokens/s}, {@code sizeMegabytes} gives {@code size (MB)}. Whole
   * numbers, other numbers and truth values have columns of their kind; all else is shown as text.
   * A null or an empty optional is a missing value.
   *
   * <pre>{@code
   * record Answered(String way, int tokens) {}
   * Tables.of("Two ways", List.of(new Answered("greedy", 12), new Answered("sampled", 15)))
   * }</pre>
   *
   * @param rows one or more records of one type
   * @throws IllegalArgumentException if the list is empty, or holds records of several types: the
   *     type of the first one gives the columns
   */
  public static Table of(String name, List<? extends Record> rows) {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(
          "The table \"" + name + "\" has no rows; it takes one record or more.");
    }
    return Table.create(name, RecordColumns.of(rows));
  }

  /** Times, speed and peak memory of a generation: a row per figure, with its unit. */
  public static Table metrics(Generation generation) {
    var metrics = generation.metrics();
    return Table.create(
        "Metrics",
        StringColumn.create(
            "figure",
            "load model",
            "first token",
            "each further token",
            "95 % of them at most",
            "speed",
            "peak memory"),
        DoubleColumn.create(
            "value",
            rounded(metrics.loadMillis()),
            rounded(metrics.firstTokenMillis()),
            rounded(metrics.perTokenMillis()),
            rounded(metrics.perTokenP95Millis()),
            rounded(metrics.tokensPerSecond()),
            metrics.peakResidentBytes().isEmpty()
                ? DoubleColumnType.missingValueIndicator()
                : rounded(metrics.peakResidentBytes().getAsLong() / 1e6)),
        StringColumn.create("unit", "ms", "ms", "ms", "ms", "tokens/s", "MB"));
  }

  /**
   * One row per token: its position, its id, and the text that it stands for, with visible spaces.
   */
  public static Table tokens(Tokenizer tokenizer, TokenIds ids) {
    IntColumn positions = IntColumn.create("position");
    IntColumn numbers = IntColumn.create("id");
    StringColumn tokens = StringColumn.create("token");
    for (int i = 0; i < ids.size(); i++) {
      positions.append(i);
      numbers.append(ids.get(i));
      tokens.append(tokenizer.visibleToken(ids.get(i)));
    }
    return Table.create("Tokens", positions, numbers, tokens);
  }

  /**
   * One row per message of a chat: the index of its turn, its sender and its text, or where it has
   * none, its other fields, such as calls of tools. What stands before the first turn belongs to
   * none.
   */
  public static Table messages(Chat chat) {
    IntColumn turns = IntColumn.create("turn");
    StringColumn senders = StringColumn.create("who");
    StringColumn texts = StringColumn.create("what");
    int turn = -1;
    for (ChatMessage message : chat.messages()) {
      turn += message.role().equals("user") ? 1 : 0;
      if (turn < 0) {
        turns.appendMissing();
      } else {
        turns.append(turn);
      }
      senders.append(message.role());
      texts.append(message.content() == null ? message.fields().toString() : message.content());
    }
    return Table.create("Messages", turns, senders, texts);
  }

  /** One row per property: its key and its value, in the map's order. */
  public static Table config(Map<String, String> config) {
    return Table.create(
        "Config",
        StringColumn.create("key", config.keySet()),
        StringColumn.create("value", config.values()));
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
