package dev.ovchat.tool;

import java.util.List;

/** One way of writing calls of tools in an answer. */
interface CallSyntax {
  /** Finds the calls in an answer. */
  ParsedAnswer parse(String answer);

  /** The calls as the model writes them. */
  String write(List<ToolCall> calls);

  /** Texts at which a call begins, wherever they stand in an answer. */
  List<String> marks();

  /** All marks, also those inside and after calls. */
  List<String> allMarks();

  /** Texts that an answer begins with where it is calls and nothing else. */
  List<String> beginnings();

  /**
   * Writes the rules of one answer's calls.
   *
   * @return the name of the rule, or the rules in a row, that the calls are
   */
  String calls(CallGrammar grammar);
}
