package dev.ovchat.display;

import dev.ovchat.system.Uninterrupted;
import java.util.function.Consumer;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.DisplayStream;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;

/**
 * Stream of a cell's displayed values, which keeps their order: text printed before a value is sent
 * first.
 */
final class JJavaDisplay extends DisplayStream {
  private final CellOutput output;
  private final StopButton stop;
  private final Consumer<ShellReplyEnvironment> atFirstCell;
  private boolean isFirst = true;

  /**
   * @param cell the running cell, or null before the first
   * @param atFirstCell task to run at the beginning of the first cell
   */
  JJavaDisplay(
      CellOutput output,
      ShellReplyEnvironment cell,
      StopButton stop,
      Consumer<ShellReplyEnvironment> atFirstCell) {
    this.output = output;
    this.stop = stop;
    this.atFirstCell = atFirstCell;
    if (cell != null) {
      setEnv(cell);
    }
  }

  /** Begins a cell. */
  @Override
  protected void setEnv(ShellReplyEnvironment cell) {
    super.setEnv(cell);
    if (isFirst) {
      isFirst = false;
      atFirstCell.accept(cell);
    }
    stop.cellBegins();
  }

  /** Ends a cell. */
  @Override
  protected void retractEnv(ShellReplyEnvironment cell) {
    stop.cellEnds();
    output.flush();
    super.retractEnv(cell);
  }

  @Override
  public void display(DisplayData data) {
    output.flush();
    Uninterrupted.run(() -> super.display(data));
  }

  @Override
  public void updateDisplay(DisplayData data) {
    output.flush();
    Uninterrupted.run(() -> super.updateDisplay(data));
  }
}
