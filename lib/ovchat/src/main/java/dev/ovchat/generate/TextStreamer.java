package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.text.PrintingThread;
import java.util.function.Consumer;

/**
 * Hands on the completion as text while it is generated: the Java side of transformers'
 * TextStreamer.
 *
 * <pre>{@code
 * model.generate(input, config, GenerationHooks.none().listener(TextStreamer.of(System.out::print)));
 * }</pre>
 *
 * <p>Special tokens are left out. The pieces joined are the completion's decoded text, up to the
 * first stop string. They are handed on from another thread, those that come close together in one;
 * when the generation is over, all have been, and a receiver that is {@link java.io.Flushable} is
 * flushed. What the receiver throws ends the generation. One streamer may serve one generation
 * after the other.
 */
public final class TextStreamer implements GenerationListener {
  private final PrintingThread sink;
  private final StringBuilder text = new StringBuilder();

  private TextStreamer(Consumer<String> sink) {
    this.sink = new PrintingThread(sink);
  }

  /** A streamer that hands the text to a sink. */
  public static TextStreamer of(Consumer<String> sink) {
    return new TextStreamer(sink);
  }

  @Override
  public void start(GenerationConfig config) {
    text.setLength(0);
  }

  @Override
  public void token(int id) {}

  @Override
  public void text(String piece) {
    text.append(piece);
    sink.handOn(piece);
  }

  @Override
  public void end() {
    sink.finish();
  }

  /** The text of the last generation, whether or not it has been received yet. */
  public String text() {
    return text.toString();
  }
}
