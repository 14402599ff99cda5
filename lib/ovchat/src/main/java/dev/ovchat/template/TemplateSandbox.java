package dev.ovchat.template;

import dev.ovchat.sandbox.LimitedTask;
import dev.ovchat.sandbox.SandboxException;
import java.time.Duration;
import java.util.Locale;

/**
 * Renders templates, each in memory of its own and on a thread of its own, which is interrupted
 * when it takes too long. Safe for use by several threads.
 */
public final class TemplateSandbox {
  /** Limit of the processor's time; a long chat takes 0.01 s. */
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private static final LimitedTask TASK = new LimitedTask("chat template", LONGEST, false);

  private TemplateSandbox() {}

  /**
   * The text of a template.
   *
   * <p>An interrupt does not end it, since it is soon over: the thread's interrupt flag is left for
   * what comes after it.
   *
   * @param request JSON: {@code template}, {@code variables} by their names, and {@code now}: what
   *     each letter of strftime stands for; without variables the template is read, and its text is
   *     empty
   * @throws TemplateException if the template refuses the values, cannot be rendered, or takes more
   *     than is allowed
   */
  public static String render(String request) {
    try {
      return TASK.run(() -> new TemplateModule().render(request));
    } catch (SandboxException e) {
      throw new TemplateException(problem(e.reason()), e);
    } catch (IllegalStateException e) {
      throw new TemplateException("its engine failed: " + e.getMessage(), e);
    }
  }

  private static String problem(SandboxException.Reason reason) {
    return switch (reason) {
      case OUT_OF_MEMORY -> "it takes more than 64 MB of memory";
      case GAVE_UP, INTERRUPTED -> "the template engine gave up on it";
      case TOO_DEEP -> "its parts, or the values it makes, are nested too deep";
      case TOO_LONG ->
          String.format(Locale.ROOT, "it takes longer than %d seconds", LONGEST.toSeconds());
    };
  }
}
