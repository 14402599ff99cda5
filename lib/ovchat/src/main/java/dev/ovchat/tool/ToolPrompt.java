package dev.ovchat.tool;

import dev.ovchat.files.JsonText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Text that a chat template needs besides the list of tools. Most take the tools and write the
 * calls and the results themselves; others know nothing of tools, or of some of this, and get it as
 * text.
 */
public final class ToolPrompt {
  private final String template;
  private final ToolCallFormat format;

  private ToolPrompt(String template, ToolCallFormat format) {
    this.template = template;
    this.format = format;
  }

  /**
   * The rules for a template.
   *
   * @param template the template's text
   */
  public static ToolPrompt of(String template, ToolCallFormat format) {
    return new ToolPrompt(template, format);
  }

  /** Words that offer the tools, for the instructions; empty where the template does it. */
  public Optional<String> instructions(List<Tool> tools) {
    if (FormatRules.knowsTools(template)) {
      return Optional.empty();
    }
    String list =
        tools.stream().map(tool -> JsonText.spaced(tool.asMap())).collect(Collectors.joining("\n"));
    return Optional.of(
        """
        You can call these tools:
        %s
        To call a tool, write its name and its arguments in this form and nothing else:
        %s\
        """
            .formatted(
                list, format.write(List.of(ToolCall.of("NAME", Map.of("ARGUMENT", "VALUE"))))));
  }

  /** The tools as a field of the instructions, as Phi-4-mini's template has them; else empty. */
  public Optional<String> field(List<Tool> tools) {
    return format == ToolCallFormat.PHI4_MINI && template.contains("message['tools']")
        ? Optional.of(
            JsonText.spaced(tools.stream().map(tool -> tool.asMap().get("function")).toList()))
        : Optional.empty();
  }

  /** The calls as a message's text; empty where the template writes them. */
  public Optional<String> calls(List<ToolCall> calls) {
    return template.contains("tool_calls") ? Optional.empty() : Optional.of(format.write(calls));
  }

  /** The role of a message that holds a tool's result. */
  public String resultRole() {
    if (format == ToolCallFormat.PHI4_MINI && !template.contains("tool_response")) {
      return "tool_response"; // the template writes each role as a token, and this is one
    }
    return FormatRules.knowsTools(template) ? "tool" : "user";
  }

  /** A result as a message's text: marked where it has no role of its own. */
  public String result(String content) {
    return resultRole().equals("user")
        ? "<tool_response>\n" + content + "\n</tool_response>"
        : content;
  }
}
