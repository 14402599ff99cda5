package dev.ovchat.generate;

import dev.ovchat.config.GenerationException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A completion as pieces of text: each generated on demand, but by a {@link GenerationQueue} ahead.
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
 * asking stops the generation; a queue's goes on until the stream is closed. For one thread at a
 * time.
 */
public final class TextStream implements Iterator<String>, AutoCloseable {
  private final Queue<String> pieces = new ConcurrentLinkedQueue<>();
  private final Source source;
  private final Runnable onClose;

  /** A completion that goes on when it is asked to, or by itself. */
  interface Source {
    /** Goes on by a step, or waits for one; returns whether there is more to come. */
    boolean advance();

    /** Ends the completion as cancelled, if it is not over. */
    void cancel();

    /** The generation, once the completion is over. */
    Generation generation();
  }

  /**
   * @param source makes the source that notifies the listener of its tokens
   * @param onClose frees what the source works with
   */
  TextStream(Function<GenerationListener, Source> source, Runnable onClose) {
    this.source = source.apply(new Pieces());
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
    while (pieces.isEmpty() && source.advance()) {}
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
    source.cancel();
    return source.generation();
  }

  /**
   * Ends the completion, as cancelled if it is not over, and frees what it worked with. A piece
   * that another thread is waiting for is not generated to its end.
   */
  @Override
  public void close() {
    try {
      source.cancel();
    } finally {
      onClose.run();
    }
  }
}
