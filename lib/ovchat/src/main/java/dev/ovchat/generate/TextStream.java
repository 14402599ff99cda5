package dev.ovchat.generate;

import dev.ovchat.config.GenerationException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A completion as pieces of text, each generated on demand.
 *
 * <pre>{@code
 * try (TextStream answer = model.stream(ids, config)) {
 *   while (answer.hasNext()) {
 *     System.out.print(answer.next());
 *   }
 * }
 * }</pre>
 *
 * <p>The pieces are the text of {@link TextStreamer}, as soon as it is certain. A caller that stops
 * asking stops the generation. For one thread at a time.
 */
public final class TextStream implements Iterator<String>, AutoCloseable {
  private final Queue<String> pieces = new ArrayDeque<>();
  private final GenerationLoop loop;
  private final Runnable onClose;

  /**
   * @param loop makes the loop that notifies the listener of its tokens
   * @param onClose frees what the loop works with
   */
  TextStream(Function<GenerationListener, GenerationLoop> loop, Runnable onClose) {
    this.loop = loop.apply(new Pieces());
    this.onClose = onClose;
  }

  private final class Pieces implements GenerationListener {
    @Override
    public void token(int id) {}

    @Override
    public void text(String piece) {
      pieces.add(piece);
    }
  }

  /**
   * Returns whether there is another piece; it is generated now.
   *
   * @throws GenerationException if no token can be chosen
   */
  @Override
  public boolean hasNext() {
    while (pieces.isEmpty() && loop.advance()) {}
    return !pieces.isEmpty();
  }

  /** The next piece, of one character or more. */
  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException("The answer is over.");
    }
    return pieces.remove();
  }

  /** The pieces as a stream, which closes this when it is closed. */
  public Stream<String> pieces() {
    var each = Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL);
    return StreamSupport.stream(each, false).onClose(this::close);
  }

  /** The generation. A completion that is not over yet ends here, as cancelled. */
  public Generation generation() {
    loop.cancel();
    return loop.generation();
  }

  /**
   * Ends the completion, as cancelled if it is not over, and frees what it worked with. A piece
   * that another thread is waiting for is not generated to its end.
   */
  @Override
  public void close() {
    try {
      loop.cancel();
    } finally {
      onClose.run();
    }
  }
}
