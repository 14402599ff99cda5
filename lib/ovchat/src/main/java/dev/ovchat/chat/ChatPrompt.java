package dev.ovchat.chat;

import dev.ovchat.tool.ToolCall;
import dev.ovchat.tool.ToolCallFormat;
import dev.ovchat.tool.ToolPrompt;
import dev.ovchat.tool.Tools;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes prompts of messages: by the template alone, or with tools. What a template does not know of
 * tools becomes text, so that a model hears of them and of what they gave all the same.
 *
 * @param tools the chat's tools; none leaves the template as it is, but where messages tell of
 *     calls
 */
record ChatPrompt(ChatTemplate template, Tools tools) {
  private static final String CONTENT = "content";
  private static final String TOOL_CALLS = "tool_calls";

  /**
   * The prompt.
   *
   * @param isOffering false to show what tools gave, and offer none
   */
  String render(List<ChatMessage> messages, boolean isOffering) {
    if (tools.list().isEmpty() && !needsText(messages)) {
      return template.render(messages);
    }
    ChatTemplate offering = template.tools(isOffering ? tools.asMaps() : List.of());
    ToolPrompt rules = ToolPrompt.of(offering.source(), format());
    List<ChatMessage> adapted = new ArrayList<>();
    boolean isOneByOne = format() == ToolCallFormat.LLAMA3;
    for (ChatMessage message : isOneByOne ? OneByOne.of(messages) : messages) {
      adapted.add(adapted(message, rules));
    }
    return offering.render(isOffering ? withTools(adapted, rules) : adapted);
  }

  /**
   * Tests whether messages tell of calls in a form that can be written, which they do without tools
   * as well: a conversation outlives its tools.
   */
  private boolean needsText(List<ChatMessage> messages) {
    return messages.stream()
            .anyMatch(message -> message.role().equals("tool") || !calls(message).isEmpty())
        && ToolCallFormat.of(template.source()).isPresent();
  }

  /** The form of the calls. */
  ToolCallFormat format() {
    return tools.formatFor(template.tools(tools.asMaps()).source());
  }

  /** The format in which the model thinks, by the template's text. */
  Optional<ThinkingFormat> thinking() {
    return ThinkingFormat.of(template.source());
  }

  private static ChatMessage adapted(ChatMessage message, ToolPrompt rules) {
    if (message.role().equals("tool") && message.content() != null) {
      String content = rules.result(message.content());
      return rules.resultRole().equals("user")
          ? ChatMessage.user(content)
          : new ChatMessage(rules.resultRole(), content, message.fields());
    }
    List<ToolCall> calls = calls(message);
    return calls.isEmpty()
        ? message
        : rules
            .calls(calls)
            .map(text -> message.with(TOOL_CALLS, null).with(CONTENT, joined(message, text)))
            .orElse(message);
  }

  private static String joined(ChatMessage message, String calls) {
    return message.content() == null ? calls : message.content() + "\n" + calls;
  }

  /** The calls that a message has. */
  static List<ToolCall> calls(ChatMessage message) {
    List<ToolCall> calls = new ArrayList<>();
    if (message.fields().get(TOOL_CALLS) instanceof List<?> list) {
      for (Object each : list) {
        calls.add(ToolCall.of((Map<?, ?>) each));
      }
    }
    return calls;
  }

  private List<ChatMessage> withTools(List<ChatMessage> messages, ToolPrompt rules) {
    Optional<String> words = rules.instructions(tools.list());
    Optional<String> field = rules.field(tools.list());
    if (words.isEmpty() && field.isEmpty()) {
      return messages;
    }
    boolean isInstructed = !messages.isEmpty() && messages.get(0).role().equals("system");
    ChatMessage instructions = isInstructed ? messages.get(0) : ChatMessage.system("");
    if (words.isPresent()) {
      String before = instructions.content() == null ? "" : instructions.content();
      instructions =
          instructions.with(
              CONTENT, before.isEmpty() ? words.get() : before + "\n\n" + words.get());
    }
    List<ChatMessage> all = new ArrayList<>();
    all.add(field.isPresent() ? instructions.with("tools", field.get()) : instructions);
    all.addAll(messages.subList(isInstructed ? 1 : 0, messages.size()));
    return all;
  }
}
