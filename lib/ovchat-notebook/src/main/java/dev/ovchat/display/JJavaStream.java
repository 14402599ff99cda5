package dev.ovchat.display;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.dflib.jjava.jupyter.channels.JupyterOutputStream;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;

/** What a cell prints to one of its two streams, on its way to {@link CellOutput}. */
final class JJavaStream extends JupyterOutputStream {
  private final CellOutput output;
  private final BiConsumer<ShellReplyEnvironment, String> send;
  private final Utf8Decoder decoder = new Utf8Decoder();
  private volatile Consumer<String> receiver;
  private volatile Thread kernel;

  /**
   * @param cell that runs, or null before the first
   * @param send sends a text to this stream of a cell
   * @param before takes what is printed before the first cell
   */
  JJavaStream(
      CellOutput output,
      ShellReplyEnvironment cell,
      BiConsumer<ShellReplyEnvironment, String> send,
      Consumer<String> before) {
    super(cell, send);
    this.output = output;
    this.send = send;
    this.receiver = cell == null ? before : text -> send.accept(cell, text);
  }

  /** A cell begins. What its threads print after its end, too, goes to it until the next begins. */
  @Override
  public void setEnv(ShellReplyEnvironment cell) {
    super.setEnv(cell);
    receiver = text -> send.accept(cell, text);
    kernel = Thread.currentThread();
  }

  @Override
  public synchronized void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /**
   * The kernel's own thread prints while it draws a result, which it sends then: it cannot wait.
   */
  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    output.add(receiver, decoder.decode(bytes, offset, length));
    if (Thread.currentThread() == kernel) {
      output.flush();
    }
  }

  @Override
  public void flush() {
    output.flush();
  }
}
