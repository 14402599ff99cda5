package dev.ovchat.chat;

/** Behaviour of a chat whose messages no longer fit into the model's context. */
public enum WhenFull {
  /** Refuse the question, and leave the chat as it is. */
  REFUSE,
  /**
   * Leave the oldest turns out of the prompt, as many as it takes to have room for {@code
   * maxNewTokens}, at most half of the context. The chat still has them; the model no longer does.
   */
  LEAVE_OUT_OLDEST_TURNS
}
