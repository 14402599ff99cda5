package dev.ovchat.chat;

import dev.ovchat.tool.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Ids of calls, by which results name them. */
final class CallIds {
  /** Mistral's templates want 9 letters and digits, and others do not mind them. */
  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9]{9}");

  private static final Pattern OURS = Pattern.compile("call[0-9]{5}");

  private CallIds() {}

  /** The calls of an answer to messages, each with its own id, or one that the messages lack. */
  static List<ToolCall> given(List<ToolCall> calls, List<ChatMessage> messages) {
    if (calls.isEmpty()) {
      return List.of();
    }
    int number =
        messages.stream()
            .flatMap(message -> ChatPrompt.calls(message).stream())
            .map(ToolCall::id)
            .filter(id -> id != null && OURS.matcher(id).matches())
            .mapToInt(id -> Integer.parseInt(id.substring(4)))
            .max()
            .orElse(0);
    List<ToolCall> given = new ArrayList<>();
    for (ToolCall call : calls) {
      number++;
      boolean hasId = call.id() != null && VALID.matcher(call.id()).matches();
      given.add(hasId ? call : call.id(String.format(Locale.ROOT, "call%05d", number)));
    }
    return given;
  }
}
