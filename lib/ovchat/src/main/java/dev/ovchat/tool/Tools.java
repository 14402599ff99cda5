package dev.ovchat.tool;

import dev.ovchat.message.Digits;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Tools that a model is offered, and the bounds within which they run.
 *
 * <pre>{@code
 * Tools tools = Tools.of(weather, calculator).timeout(Duration.ofSeconds(5)).mostRounds(4);
 * chat.setTools(tools);
 * }</pre>
 *
 * <p>Immutable: each method returns a copy.
 */
public final class Tools {
  private static final int LONGEST_RESULT = 4_000;

  private final List<Tool> tools;
  private final Limits limits;
  private final Use use;

  private record Limits(Duration timeout, int rounds, int resultLength) {}

  private record Use(
      ToolChoice choice, Optional<ToolCallFormat> format, boolean byGrammar, boolean byCaller) {}

  private Tools(List<Tool> tools, Limits limits, Use use) {
    this.tools = tools;
    this.limits = limits;
    this.use = use;
  }

  /**
   * Tools with the usual bounds: 30 seconds for a call, 8 rounds of calls for a question, 4,000
   * characters of a result.
   *
   * @throws ToolException if two have the same name
   */
  public static Tools of(List<Tool> tools) {
    Set<String> names = new HashSet<>();
    for (Tool tool : tools) {
      if (!names.add(tool.name())) {
        throw new ToolException(
            "Two tools are named " + tool.name() + "; each needs a name of its own.");
      }
    }
    return new Tools(
        List.copyOf(tools),
        new Limits(Duration.ofSeconds(30), 8, LONGEST_RESULT),
        new Use(ToolChoice.AUTO, Optional.empty(), true, false));
  }

  /** Same as above. */
  public static Tools of(Tool... tools) {
    return of(Arrays.asList(tools));
  }

  /** No tools. */
  public static Tools none() {
    return of(List.of());
  }

  /** A copy in which a call may take that long; then it is interrupted, and has failed. */
  public Tools timeout(Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new ToolException("A call takes time: the timeout is " + timeout + ".");
    }
    return new Tools(tools, new Limits(timeout, limits.rounds, limits.resultLength), use);
  }

  /**
   * A copy in which a model may call tools so many times in a row, until it has to answer.
   *
   * @param rounds 1 or more
   */
  public Tools mostRounds(int rounds) {
    if (rounds < 1) {
      throw new ToolException(
          "There has to be a round of calls or more; given are " + rounds + ".");
    }
    return new Tools(tools, new Limits(limits.timeout, rounds, limits.resultLength), use);
  }

  /**
   * A copy in which a model reads so many characters of a result, and how many there were.
   *
   * @param characters 1 or more
   */
  public Tools longestResult(int characters) {
    if (characters < 1) {
      throw new ToolException(
          "A result has to have room for a character or more; given are " + characters + ".");
    }
    return new Tools(tools, new Limits(limits.timeout, limits.rounds, characters), use);
  }

  /**
   * A copy with another way to decide whether tools are called; {@link ToolChoice#AUTO} at first.
   */
  public Tools choice(ToolChoice choice) {
    return new Tools(tools, limits, new Use(choice, use.format, use.byGrammar, use.byCaller));
  }

  /** A copy with a form of the calls, in place of the one that the chat template tells. */
  public Tools format(ToolCallFormat format) {
    return new Tools(
        tools, limits, new Use(use.choice, Optional.of(format), use.byGrammar, use.byCaller));
  }

  /**
   * A copy that says whether a grammar holds the calls to be right; true at first. Without it the
   * model writes what it likes, and a call that is wrong becomes a sentence.
   */
  public Tools byGrammar(boolean byGrammar) {
    return new Tools(tools, limits, new Use(use.choice, use.format, byGrammar, use.byCaller));
  }

  /** A copy whose calls are all handed to the caller, who {@link #run}s them or not. */
  public Tools byCaller() {
    return new Tools(tools, limits, new Use(use.choice, use.format, use.byGrammar, true));
  }

  /**
   * Refuses tools by which a model could not do what it has to.
   *
   * @throws ToolException if a call is {@link ToolChoice#REQUIRED}, and there is no tool
   */
  public void requireUsable() {
    if (use.choice == ToolChoice.REQUIRED && tools.isEmpty()) {
      throw new ToolException(
          "The tool choice is REQUIRED, but there is no tool to call; add one, or choose AUTO.");
    }
  }

  /** The tools. */
  public List<Tool> list() {
    return tools;
  }

  /** The tools as transformers' templates take them. */
  public List<Map<String, Object>> asMaps() {
    return tools.stream().map(Tool::asMap).toList();
  }

  /** Tests whether there is a tool to offer. */
  public boolean areOffered() {
    return !tools.isEmpty() && use.choice != ToolChoice.NONE;
  }

  /** See {@link #choice(ToolChoice)}. */
  public ToolChoice choice() {
    return use.choice;
  }

  /** See {@link #mostRounds(int)}. */
  public int mostRounds() {
    return limits.rounds;
  }

  /** See {@link #byGrammar(boolean)}. */
  public boolean areByGrammar() {
    return use.byGrammar;
  }

  /**
   * The form of the calls: the one that was chosen, or else the chat template's.
   *
   * @param template the template's text
   * @throws ToolException if the template's form is not one of {@link ToolCallFormat}'s
   */
  public ToolCallFormat formatFor(String template) {
    return use.format
        .or(() -> ToolCallFormat.of(template))
        .orElseThrow(
            () ->
                new ToolException(
                    """
                    The chat template takes tools, and does not say in a form that is known how its model calls them. \
                    Choose one by format(…); there are %s.\
                    """
                        .formatted(Arrays.toString(ToolCallFormat.values()))));
  }

  /** Tests whether the caller has to answer one of the calls. */
  public boolean areForCaller(List<ToolCall> calls) {
    return use.byCaller
        || calls.stream()
            .anyMatch(call -> find(call.name()).filter(tool -> tool.body().isEmpty()).isPresent());
  }

  private Optional<Tool> find(String name) {
    return tools.stream().filter(tool -> tool.name().equals(name)).findFirst();
  }

  /** Same as below, for a call that nobody stops. */
  public ToolResult run(ToolCall call) {
    return run(call, () -> false);
  }

  /**
   * Runs a call. What goes wrong becomes the result, as a sentence for the model: a tool that is
   * not there, arguments that are not its record's, what it throws, and one that takes too long.
   *
   * @param isCancelled asked several times a second; once it is true the tool is interrupted
   * @throws java.util.concurrent.CancellationException if it is cancelled, or this thread is
   *     interrupted, whose interrupt flag stays set
   */
  public ToolResult run(ToolCall call, BooleanSupplier isCancelled) {
    long begin = System.nanoTime();
    Optional<Tool> tool = find(call.name());
    ToolRun run =
        tool.isEmpty()
            ? ToolRun.failed("there is no tool %s; there are %s".formatted(call.name(), names()))
            : tool.get()
                .body()
                .map(
                    body ->
                        ToolRun.of(() -> body.call(call.arguments()), limits.timeout, isCancelled))
                .orElse(ToolRun.failed("nothing runs the tool " + call.name() + " here"));
    return new ToolResult(
        call, shortened(run.content()), run.failed(), Duration.ofNanos(System.nanoTime() - begin));
  }

  private String names() {
    return tools.stream().map(Tool::name).collect(Collectors.joining(", "));
  }

  private String shortened(String result) {
    if (result.length() <= limits.resultLength) {
      return result;
    }
    int end = limits.resultLength;
    if (Character.isHighSurrogate(result.charAt(end - 1))) {
      end--; // no half of a character
    }
    return "%s… (%s of %s characters)"
        .formatted(result.substring(0, end), Digits.grouped(end), Digits.grouped(result.length()));
  }
}
