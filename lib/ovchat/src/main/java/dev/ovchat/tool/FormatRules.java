package dev.ovchat.tool;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Rules that tell from a chat template how its model writes calls; the first that fits counts. */
enum FormatRules {
  MISTRAL_ARGS(
      ToolCallFormat.MISTRAL_ARGS, t -> t.contains("[TOOL_CALLS]") && t.contains("[ARGS]")),
  MISTRAL(ToolCallFormat.MISTRAL, t -> t.contains("[TOOL_CALLS]")),
  LLAMA3(ToolCallFormat.LLAMA3, t -> t.contains("<|python_tag|>")),
  /** Phi-4-mini's tools are a field of the instructions. */
  PHI4_MINI(ToolCallFormat.PHI4_MINI, t -> t.contains("<|tool|>")),
  GRANITE(ToolCallFormat.GRANITE, t -> t.contains("<|tool_call|>")),
  /** Qwen3-Coder's calls are XML within these tags. */
  OF_XML(null, t -> t.contains("<function=")),
  HERMES(ToolCallFormat.HERMES, t -> t.contains("<tool_call>") || t.contains("xml_tools")),
  TOOL_CODE(ToolCallFormat.TOOL_CODE, t -> t.contains("tool_code")),
  WITHOUT_TOOLS(ToolCallFormat.HERMES, t -> !knowsTools(t));

  /** A variable of that name, or a field of a message. */
  private static final Pattern TOOLS = Pattern.compile("\\btools\\b");

  private final ToolCallFormat format;

  @SuppressWarnings("ImmutableEnumChecker") // a rule holds nothing
  private final Predicate<String> fits;

  FormatRules(ToolCallFormat format, Predicate<String> fits) {
    this.format = format;
    this.fits = fits;
  }

  static Optional<ToolCallFormat> of(String template) {
    return Stream.of(values())
        .filter(rule -> rule.fits.test(template))
        .findFirst()
        .flatMap(rule -> Optional.ofNullable(rule.format));
  }

  static boolean knowsTools(String template) {
    return TOOLS.matcher(template).find();
  }
}
