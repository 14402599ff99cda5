package dev.ovchat.notebook;

import java.io.PrintStream;
import java.util.Map;
import java.util.UUID;

/** A line of text that can be written anew. */
interface Line {

  /** Writes the text over what the line held. */
  void write(String text);

  /** The last text has been written. */
  void end();

  /** One in the cell that runs, else one on standard output. */
  static Line here() {
    return Display.kernel()
        .<Line>map(InCell::new)
        .orElseGet(() -> new OnTerminal(System.out, Integer.MAX_VALUE));
  }

  /** A text in the cell's output; a saved notebook holds only the last one. */
  final class InCell implements Line {
    private final Kernel kernel;
    private final String id = UUID.randomUUID().toString();
    private boolean isShown;

    InCell(Kernel kernel) {
      this.kernel = kernel;
    }

    @Override
    public void write(String text) {
      if (isShown) {
        kernel.update(id, Map.of("text/plain", text));
      } else {
        kernel.show(id, Map.of("text/plain", text));
        isShown = true;
      }
    }

    @Override
    public void end() {}
  }

  /** A line of a terminal: the cursor goes back to its beginning each time. */
  final class OnTerminal implements Line {
    private final PrintStream out;
    private final int columns;
    private int length;

    /**
     * @param columns how wide the terminal is; of a text that goes on in a second line, the cursor
     *     would find only that line's beginning
     */
    OnTerminal(PrintStream out, int columns) {
      this.out = out;
      this.columns = columns;
    }

    @Override
    public void write(String whole) {
      String text = whole.substring(0, Math.min(whole.length(), columns - 1));
      out.print("\r" + text + " ".repeat(Math.max(0, length - text.length())));
      out.flush();
      length = text.length();
    }

    @Override
    public void end() {
      out.println();
    }
  }
}
