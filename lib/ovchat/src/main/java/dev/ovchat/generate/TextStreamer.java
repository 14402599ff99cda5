package dev.ovchat.generate;

import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.TextDecoder;
import dev.ovchat.text.Tokenizer;
import java.util.function.Consumer;

/**
 * Hands on the answer as text while it is generated: the Java side of transformers' TextStreamer.
 *
 * <pre>{@code
 * model.generate(input, config, new TextStreamer(tokenizer, System.out::print));
 * }</pre>
 *
 * <p>Special tokens are left out. The pieces joined are the answer's decoded text. One streamer may
 * serve one generation after the other.
 */
public final class TextStreamer implements GenerationListener {
  private static final DecodeOptions OPTIONS = DecodeOptions.defaults().skipSpecialTokens(true);

  private final Tokenizer tokenizer;
  private final Consumer<String> sink;
  private TextDecoder decoder;

  /** Hands each piece of text to the sink. */
  public TextStreamer(Tokenizer tokenizer, Consumer<String> sink) {
    this.tokenizer = tokenizer;
    this.sink = sink;
    this.decoder = new TextDecoder(tokenizer, OPTIONS);
  }

  @Override
  public void token(int id) {
    handOn(decoder.push(id));
  }

  @Override
  public void end() {
    handOn(decoder.finish());
    decoder = new TextDecoder(tokenizer, OPTIONS);
  }

  private void handOn(String piece) {
    if (!piece.isEmpty()) {
      sink.accept(piece);
    }
  }
}
