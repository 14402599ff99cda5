package dev.ovchat.tool;

/** The choice whether a model calls tools. */
public enum ToolChoice {
  /** The model decides. */
  AUTO,
  /**
   * The answer to a question begins with a call; once there are results, the model decides. It
   * takes a grammar. Without any tool an answer is refused.
   */
  REQUIRED,
  /** No tools are offered, and none are looked for in an answer. */
  NONE
}
