package dev.ovchat.generate;

import dev.ovchat.text.Tokenizer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Hands on the answer as text while it is generated: the Java side of transformers' TextStreamer.
 *
 * <pre>{@code
 * model.generate(input, config, new TextStreamer(tokenizer, System.out::print));
 * }</pre>
 *
 * <p>Special tokens are left out. The pieces joined are the answer's decoded text, up to the stop
 * string where one ended it. They are handed on from another thread, those that come close together
 * in one; when the generation is over, all have been. What the receiver throws ends the generation.
 * One streamer may serve one generation after the other.
 */
public final class TextStreamer implements GenerationListener {
  private final Tokenizer tokenizer;
  private final PrintingThread sink;
  private final StringBuilder told = new StringBuilder();
  private StopText text;

  /** Hands the text to the sink. */
  public TextStreamer(Tokenizer tokenizer, Consumer<String> sink) {
    this.tokenizer = tokenizer;
    this.sink = new PrintingThread(sink);
    this.text = new StopText(tokenizer, List.of());
  }

  @Override
  public void start(GenerationConfig config) {
    text = new StopText(tokenizer, config.stopStrings());
    told.setLength(0);
  }

  @Override
  public void token(int id) {
    handOn(text.push(id));
  }

  @Override
  public void end() {
    handOn(text.finish());
    sink.finish();
  }

  private void handOn(String piece) {
    told.append(piece);
    sink.handOn(piece);
  }

  /** All text of the last generation, whether or not it has been received yet. */
  String text() {
    return told.toString();
  }
}
