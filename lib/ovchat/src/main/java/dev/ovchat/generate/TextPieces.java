package dev.ovchat.generate;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.text.StopText;
import dev.ovchat.text.Tokenizer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Turns the tokens of one generation after the other into pieces of text, each when it is certain.
 */
final class TextPieces implements GenerationListener {
  private final Tokenizer tokenizer;
  private final Consumer<String> receiver;
  private StopText text;

  /**
   * @param receiver the receiver of the pieces, each of one character or more
   */
  TextPieces(Tokenizer tokenizer, Consumer<String> receiver) {
    this.tokenizer = tokenizer;
    this.receiver = receiver;
    this.text = new StopText(tokenizer, List.of());
  }

  @Override
  public void start(GenerationConfig config) {
    text = new StopText(tokenizer, config.stopStrings());
  }

  @Override
  public void token(int id) {
    giveOut(text.push(id));
  }

  @Override
  public void end() {
    giveOut(text.finish());
  }

  private void giveOut(String piece) {
    if (!piece.isEmpty()) {
      receiver.accept(piece);
    }
  }
}
