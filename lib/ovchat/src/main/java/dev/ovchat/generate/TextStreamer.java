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
 * string where one ended it. One streamer may serve one generation after the other.
 */
public final class TextStreamer implements GenerationListener {
  private final Tokenizer tokenizer;
  private final Consumer<String> sink;
  private StopText text;

  /** Hands each piece of text to the sink. */
  public TextStreamer(Tokenizer tokenizer, Consumer<String> sink) {
    this.tokenizer = tokenizer;
    this.sink = sink;
    this.text = new StopText(tokenizer, List.of());
  }

  @Override
  public void start(GenerationConfig config) {
    text = new StopText(tokenizer, config.stopStrings());
  }

  @Override
  public void token(int id) {
    handOn(text.push(id));
  }

  @Override
  public void end() {
    handOn(text.finish());
  }

  private void handOn(String piece) {
    if (!piece.isEmpty()) {
      sink.accept(piece);
    }
  }
}
