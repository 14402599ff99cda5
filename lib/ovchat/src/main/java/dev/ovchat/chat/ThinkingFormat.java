package dev.ovchat.chat;

import java.util.Optional;
import java.util.stream.Stream;

/** Marks between which a model thinks before it answers. Which ones, its chat template says. */
public enum ThinkingFormat {
  /** {@code <think>…</think>}: Qwen3, SmolLM3, Phi-4-reasoning, DeepSeek-R1, Granite 3.3. */
  THINK("<think>", "</think>"),
  /** {@code [THINK]…[/THINK]}: Magistral, Ministral 3. */
  MISTRAL("[THINK]", "[/THINK]"),
  /** {@code <thought>…</thought>}: EXAONE Deep. */
  THOUGHT("<thought>", "</thought>"),
  /** {@code <seed:think>…</seed:think>}: Seed-OSS. */
  SEED("<seed:think>", "</seed:think>"),
  /** Two sentences as marks: Granite 3.2. */
  GRANITE("Here is my thought process:", "Here is my response:");

  private final String begin;
  private final String end;

  ThinkingFormat(String begin, String end) {
    this.begin = begin;
    this.end = end;
  }

  /**
   * The marks that a chat template has.
   *
   * @param template the template's text
   * @return empty if it has none: its model does not think apart
   */
  public static Optional<ThinkingFormat> of(String template) {
    return Stream.of(values()).filter(format -> template.contains(format.end)).findFirst();
  }

  /** The mark at which thinking begins. */
  public String begin() {
    return begin;
  }

  /** The mark at which the answer begins. */
  public String end() {
    return end;
  }
}
