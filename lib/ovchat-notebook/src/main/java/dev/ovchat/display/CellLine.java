package dev.ovchat.display;

import dev.ovchat.progress.StatusLine;
import dev.ovchat.progress.StatusLineProvider;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A line of progress in a cell's output; a saved notebook holds only its last text. */
final class CellLine implements StatusLine {
  private final Kernel kernel;
  private final String id = UUID.randomUUID().toString();
  private boolean isShown;

  CellLine(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Provides a line in the output of the running cell. */
  public static final class Provider implements StatusLineProvider {
    @Override
    public Optional<StatusLine> line() {
      return Display.kernel().map(CellLine::new);
    }
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
