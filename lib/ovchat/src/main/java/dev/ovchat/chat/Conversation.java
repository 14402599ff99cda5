package dev.ovchat.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The messages of a chat, in turns: each begins with a question, and what follows up to the next
 * one belongs to it. What stands before the first question, such as instructions, is in no turn.
 *
 * @param messages the messages in their order
 */
record Conversation(List<ChatMessage> messages) {
  private static final String QUESTION = "user";

  Conversation {
    messages = List.copyOf(messages);
  }

  Conversation plus(ChatMessage message) {
    List<ChatMessage> longer = new ArrayList<>(messages);
    longer.add(message);
    return new Conversation(longer);
  }

  int turns() {
    return (int) messages.stream().filter(Conversation::isQuestion).count();
  }

  /** A copy without a turn and all that follow. */
  Conversation before(int turn) {
    return new Conversation(messages.subList(0, beginning(turn)));
  }

  /** A copy without one turn. */
  Conversation without(int turn) {
    return without(turn, turn + 1);
  }

  /** A copy without the turns from one on up to another, which is kept. */
  Conversation without(int from, int to) {
    List<ChatMessage> rest = new ArrayList<>(messages.subList(0, beginning(from)));
    rest.addAll(messages.subList(beginning(to), messages.size()));
    return new Conversation(rest);
  }

  /** The question of a turn. */
  ChatMessage question(int turn) {
    return messages.get(beginning(turn));
  }

  /** Index of the message that a turn begins with; the end for the turn that is not there yet. */
  private int beginning(int turn) {
    if (turn == turns()) {
      return messages.size();
    }
    return IntStream.range(0, messages.size())
        .filter(index -> isQuestion(messages.get(index)))
        .skip(turn)
        .findFirst()
        .orElseThrow();
  }

  private static boolean isQuestion(ChatMessage message) {
    return message.role().equals(QUESTION);
  }
}
