package dev.ovchat.display;

import dev.ovchat.system.Uninterrupted;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.DisplayStream;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;

/** What a cell shows beside printed text: it comes after what was printed before. */
final class IJavaDisplay extends DisplayStream {
  private final CellOutput output;
  private final StopButton stop;
  private final Runnable atBegin;

  /**
   * @param cell that runs
   * @param atBegin is run at the beginning of each cell
   */
  IJavaDisplay(CellOutput output, ShellReplyEnvironment cell, StopButton stop, Runnable atBegin) {
    this.output = output;
    this.stop = stop;
    this.atBegin = atBegin;
    setEnv(cell);
  }

  /** A cell begins. */
  @Override
  protected void setEnv(ShellReplyEnvironment cell) {
    super.setEnv(cell);
    atBegin.run();
    stop.cellBegins();
  }

  /** The cell ends. */
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
