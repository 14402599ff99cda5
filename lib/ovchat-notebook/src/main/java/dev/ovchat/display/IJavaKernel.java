package dev.ovchat.display;

import dev.ovchat.display.Look.Form;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.JupyterIO;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import io.github.spencerpark.jupyter.kernel.util.StringStyler;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Adapter of IJava 1.3.0. Its base, with all types that are used here, is in a package registry;
 * IJava itself is not.
 */
record IJavaKernel(BaseKernel kernel) implements Kernel {
  /** Style of errors in code: underlined, since a colour is not readable in every theme. */
  private static final StringStyler PLAIN =
      new StringStyler.Builder().addHighlightStyle("\u001b[1;4m").withLinePrefix("|   ").build();

  private static final String IJAVA = "io.github.spencerpark.ijava.IJava";

  /** Returns the running kernel; a {@link LinkageError} if IJava is not on the class path. */
  static Optional<Kernel> running() throws ReflectiveOperationException {
    Object kernel = Class.forName(IJAVA).getMethod("getKernelInstance").invoke(null);
    return Optional.ofNullable((BaseKernel) kernel).map(IJavaKernel::new);
  }

  @Override
  public <T> void register(Look<T> look) {
    register(kernel.getRenderer(), look);
  }

  static <T> void register(Renderer renderer, Look<T> look) {
    renderer
        .createRegistration(look.type())
        .preferring(look.mimeTypes().toArray(String[]::new))
        .register((value, context) -> look.forms().forEach(form -> render(form, value, context)));
  }

  private static <T> void render(Form<T> form, T value, RenderContext context) {
    MIMEType type = MIMEType.parse(form.mimeType());
    if (context.wantsDataRenderedAs(type)) {
      DisplayData out = context.getOutputContainer();
      form.of(value).ifPresent(shown -> put(out, type, shown));
    }
  }

  private static void put(DisplayData out, MIMEType type, Look.Shown shown) {
    out.putData(type, shown.data());
    if (!shown.metadata().isEmpty()) {
      out.putMetaData(type, shown.metadata());
    }
  }

  @Override
  public void takeOver() throws ReflectiveOperationException {
    Object evaluator = Inside.get(kernel, "evaluator");
    Object controls = Inside.get(evaluator, "executionControlProvider");
    Object control =
        controls
            .getClass()
            .getMethod("getRegisteredControlByID", String.class)
            .invoke(controls, Inside.get(evaluator, "executionControlID"));
    CellOutput output = new CellOutput();
    StopButton stop = StopButton.in(control, output::flush);
    takeOver(kernel.getIO(), output, stop);
    kernel.setShouldReplaceStdStreams(false);
    Inside.set(kernel, "errorStyler", PLAIN);
    // The front end writes it into a notebook that it opens, which then counts as changed.
    Inside.set(kernel.getLanguageInfo(), "version", null);
  }

  private static void takeOver(JupyterIO io, CellOutput output, StopButton stop)
      throws ReflectiveOperationException {
    var cell = (ShellReplyEnvironment) Inside.get(io.display, "env");
    var out =
        new IJavaStream(output, cell, ShellReplyEnvironment::writeToStdOut, System.out::print);
    var err =
        new IJavaStream(output, cell, ShellReplyEnvironment::writeToStdErr, System.err::print);
    Inside.set(io, "jupyterOut", out);
    Inside.set(io, "jupyterErr", err);
    Inside.set(io, "out", new PrintStream(out, false, StandardCharsets.UTF_8));
    Inside.set(io, "err", new PrintStream(err, false, StandardCharsets.UTF_8));
    Inside.set(io, "display", new IJavaDisplay(output, cell, stop, () -> useForPrints(io)));
    useForPrints(io);
  }

  /**
   * Sets the system's streams. It is needed at the beginning of each cell, since the cell that
   * installs this restores the former ones at its end.
   */
  private static void useForPrints(JupyterIO io) {
    System.setOut(io.out);
    System.setErr(io.err);
    System.setIn(io.in);
  }

  @Override
  public void show(String id, Map<String, String> forms) {
    DisplayData data = data(forms);
    data.putTransientData("display_id", id);
    kernel.display(data);
  }

  @Override
  public void update(String id, Map<String, String> forms) {
    kernel.getIO().display.updateDisplay(id, data(forms));
  }

  private static DisplayData data(Map<String, String> forms) {
    DisplayData data = new DisplayData();
    forms.forEach((type, text) -> data.putData(MIMEType.parse(type), text));
    return data;
  }
}
