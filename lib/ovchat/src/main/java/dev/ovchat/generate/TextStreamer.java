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
 * <p>Special tokens are left out. The pieces joined are the answer's decoded text. One streamer is
 * for one generation.
 */
public final class TextStreamer implements GenerationListener {
  private final TextDecoder decoder;
  private final Consumer<String> sink;

  /** Hands each piece of text to the sink. */
  public TextStreamer(Tokenizer tokenizer, Consumer<String> sink) {
    this.decoder = new TextDecoder(tokenizer, DecodeOptions.defaults().skipSpecialTokens(true));
    this.sink = sink;
  }

  @Override
  public void token(int id) {
    handOn(decoder.push(id));
  }

  @Override
  public void end() {
    handOn(decoder.finish());
  }

  private void handOn(String piece) {
    if (!piece.isEmpty()) {
      sink.accept(piece);
    }
  }
}
