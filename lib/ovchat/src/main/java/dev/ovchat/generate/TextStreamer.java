package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.text.PrintingThread;
import dev.ovchat.text.Tokenizer;
import java.util.function.Consumer;

/**
 * Hands on the completion as text while it is generated: the Java side of transformers'
 * TextStreamer.
 *
 * <pre>{@code
 * model.generate(input, config, GenerationHooks.none().listener(new TextStreamer(tokenizer, System.out::print)));
 * }</pre>
 *
 * <p>Special tokens are left out. The pieces joined are the completion's decoded text, up to the
 * stop string where one ended it. They are handed on from another thread, those that come close
 * together in one; when the generation is over, all have been, and a receiver that is {@link
 * java.io.Flushable} is flushed. What the receiver throws ends the generation. One streamer may
 * serve one generation after the other.
 */
public final class TextStreamer implements GenerationListener {
  private final PrintingThread sink;
  private final StringBuilder told = new StringBuilder();
  private final TextPieces pieces;

  /** Hands the text to the sink. */
  public TextStreamer(Tokenizer tokenizer, Consumer<String> sink) {
    this.sink = new PrintingThread(sink);
    this.pieces = new TextPieces(tokenizer, this::handOn);
  }

  @Override
  public void start(GenerationConfig config) {
    told.setLength(0);
    pieces.start(config);
  }

  @Override
  public void token(int id) {
    pieces.token(id);
  }

  @Override
  public void end() {
    pieces.end();
    sink.finish();
  }

  private void handOn(String piece) {
    told.append(piece);
    sink.handOn(piece);
  }

  /** The text of the last generation, whether or not it has been received yet. */
  public String text() {
    return told.toString();
  }
}
