package dev.ovchat.progress;

import java.io.PrintStream;
import java.util.Optional;
import java.util.ServiceLoader;

/** A line of text that can be overwritten. */
public interface StatusLine {

  /** Replaces the text of the line. */
  void write(String text);

  /** Ends the line after its last text. */
  void end();

  /**
   * Returns a line of a {@link StatusLineProvider} if one applies here, else a line on standard
   * output.
   *
   * <p>Providers are looked up with this class's class loader: a kernel's threads have other ones.
   */
  static StatusLine here() {
    for (StatusLineProvider provider :
        ServiceLoader.load(StatusLineProvider.class, StatusLine.class.getClassLoader())) {
      Optional<StatusLine> line = provider.line();
      if (line.isPresent()) {
        return line.get();
      }
    }
    return new OnTerminal(System.out, Integer.MAX_VALUE);
  }

  /** A line of a terminal: the cursor goes back to its beginning each time. */
  final class OnTerminal implements StatusLine {
    private final PrintStream out;
    private final int columns;
    private int length;

    /**
     * @param columns the terminal's width; a longer text is cut, since the cursor can return only
     *     to the beginning of its last line
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
