package dev.ovchat.progress;

import java.io.PrintStream;
import java.util.Optional;
import java.util.ServiceLoader;

/** A line of text that can be written anew. */
public interface Line {

  /** Writes the text over what the line held. */
  void write(String text);

  /** The last text has been written. */
  void end();

  /**
   * One where a {@link LineProvider} has a better place than standard output, else one there.
   *
   * <p>Providers are looked for beside this class: a kernel's threads have other class loaders.
   */
  static Line here() {
    for (LineProvider provider :
        ServiceLoader.load(LineProvider.class, Line.class.getClassLoader())) {
      Optional<Line> line = provider.line();
      if (line.isPresent()) {
        return line.get();
      }
    }
    return new OnTerminal(System.out, Integer.MAX_VALUE);
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
