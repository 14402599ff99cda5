package dev.ovchat.display;

import dev.ovchat.system.Uninterrupted;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.DisplayStream;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.function.Consumer;

/**
 * Stream of a cell's displayed values, which keeps their order: text printed before a value is sent
 * first.
 */
final class IJavaDisplay extends DisplayStream {
  private final CellOutput output;
  private final StopButton stop;
  private final Consumer<ShellReplyEnvironment> atFirstCell;
  private boolean isFirst = true;
  private final Runnable atBegin;

  /**
   * @param cell the running cell
   * @param atFirstCell task to run at the beginning of the first cell
   * @param atBegin task to run at the beginning of each cell
   */
  IJavaDisplay(
      CellOutput output,
      ShellReplyEnvironment cell,
      StopButton stop,
      Consumer<ShellReplyEnvironment> atFirstCell,
      Runnable atBegin) {
    this.output = output;
    this.stop = stop;
    this.atFirstCell = atFirstCell;
    this.atBegin = atBegin;
    setEnv(cell);
  }

  /** Begins a cell. */
  @Override
  protected void setEnv(ShellReplyEnvironment cell) {
    super.setEnv(cell);
    if (isFirst) {
      isFirst = false;
      atFirstCell.accept(cell);
    }
    atBegin.run();
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
