package dev.ovchat.display;

import dev.ovchat.system.Uninterrupted;
import java.io.Flushable;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A text in a cell that may grow, and whose lines are broken between words. Printed text is broken
 * where the cell ends, or not at all.
 *
 * <pre>{@code
 * model.generate(
 *     input, config, GenerationHooks.none().listener(TextStreamer.of(new TextView())));
 * TextView.show(tokenizer.decode(output.ids(), decodeOptions));
 * }</pre>
 *
 * <p>The text is shown as HTML and as plain text. In a plain Java program it is printed on standard
 * output.
 */
public final class TextView implements Consumer<String>, Flushable {
  private static final Executor SOON =
      CompletableFuture.delayedExecutor(30, TimeUnit.MILLISECONDS); // its thread is a daemon

  private final Optional<Kernel> kernel;
  private final Executor soon;
  private final StringBuilder text = new StringBuilder();
  private String id;
  private boolean isWaiting;

  /** Creates a view in the running cell, or on standard output outside a kernel. */
  public TextView() {
    this(Display.kernel(), SOON);
  }

  /**
   * @param soon runs tasks after a short delay
   */
  TextView(Optional<Kernel> kernel, Executor soon) {
    this.kernel = kernel;
    this.soon = soon;
  }

  /** Shows a text that does not grow. */
  public static void show(String text) {
    var view = new TextView();
    view.accept(view.kernel.isPresent() ? text : text + System.lineSeparator());
    view.flush();
  }

  /** Appends text; it appears within about 30 ms. */
  @Override
  public synchronized void accept(String more) {
    if (kernel.isEmpty()) {
      System.out.print(more);
      return;
    }
    text.append(more);
    if (!isWaiting) {
      isWaiting = true;
      soon.execute(this::write);
    }
  }

  private synchronized void write() {
    if (isWaiting) {
      isWaiting = false;
      Uninterrupted.run(() -> write(kernel.orElseThrow()));
    }
  }

  private void write(Kernel kernel) {
    Map<String, String> forms = Map.of("text/plain", text.toString(), "text/html", html(text));
    if (id == null) {
      id = UUID.randomUUID().toString();
      kernel.show(id, forms);
    } else {
      kernel.update(id, forms);
    }
  }

  /** Shows all of the text now, and ends it: text that is appended later starts a new one. */
  @Override
  public synchronized void flush() {
    write();
    id = null;
    text.setLength(0);
  }

  /**
   * Renders text as HTML. The classes keep MathJax from reading a $ as the beginning of a formula.
   */
  static String html(CharSequence text) {
    return "<div class=\"mathjax_ignore tex2jax_ignore\""
        + " style=\"white-space: pre-wrap; overflow-wrap: break-word\">"
        + escaped(text)
        + "</div>";
  }

  private static String escaped(CharSequence text) {
    var html = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '\n', '\t' -> html.append((char) c);
                default -> html.appendCodePoint(c < ' ' ? '␀' + c : c);
              }
            });
    return html.toString();
  }
}
