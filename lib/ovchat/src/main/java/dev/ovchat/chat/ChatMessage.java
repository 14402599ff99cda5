package dev.ovchat.chat;

import java.util.Objects;

/**
 * Message of one side in a chat.
 *
 * @param role the sender: {@code system}, {@code user}, {@code assistant}, or another that the
 *     model's template knows
 * @param content the text
 */
public record ChatMessage(String role, String content) {

  public ChatMessage {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(content, "content");
  }

  /** Instructions for the whole chat. */
  public static ChatMessage system(String content) {
    return new ChatMessage("system", content);
  }

  /** A question. */
  public static ChatMessage user(String content) {
    return new ChatMessage("user", content);
  }

  /** An answer of the model. */
  public static ChatMessage assistant(String content) {
    return new ChatMessage("assistant", content);
  }
}
