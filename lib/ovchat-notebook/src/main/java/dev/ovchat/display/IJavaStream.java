package dev.ovchat.display;

import io.github.spencerpark.jupyter.channels.JupyterOutputStream;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** One of the two streams to which a cell prints; it passes text to {@link CellOutput}. */
final class IJavaStream extends JupyterOutputStream {
  private final CellOutput output;
  private final BiConsumer<ShellReplyEnvironment, String> send;
  private final Utf8Decoder decoder = new Utf8Decoder();
  private volatile Consumer<String> receiver;
  private volatile Thread kernel;

  /**
   * @param cell the running cell, or null before the first
   * @param send sends a text to this stream of a cell
   * @param before receives text printed before the first cell
   */
  IJavaStream(
      CellOutput output,
      ShellReplyEnvironment cell,
      BiConsumer<ShellReplyEnvironment, String> send,
      Consumer<String> before) {
    super(cell, send);
    this.output = output;
    this.send = send;
    this.receiver = cell == null ? before : text -> send.accept(cell, text);
  }

  /**
   * Begins a cell. Text that its threads print after its end still goes to it, until the next cell
   * begins.
   */
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
   * Adds text to the output. Text of the kernel's own thread is sent at once: the kernel prints
   * while it renders a result, which it sends right after.
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
