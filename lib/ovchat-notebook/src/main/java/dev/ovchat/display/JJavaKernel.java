package dev.ovchat.display;

import dev.ovchat.display.Look.Form;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.JupyterIO;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.RenderContext;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;

/** Adapter of JJava. Its classes have the same names as IJava's, in another package. */
record JJavaKernel(BaseKernel kernel) implements Kernel {
  /** Style of errors in code: underlined, since a colour is not readable in every theme. */
  private static final StringStyler PLAIN =
      new StringStyler.Builder().addHighlightStyle("\u001b[1;4m").withLinePrefix("|   ").build();

  /** Returns the running kernel; a {@link LinkageError} if JJava is not on the class path. */
  static Optional<Kernel> running() {
    try {
      return Optional.of(new JJavaKernel(BaseKernel.notebookKernel()));
    } catch (NullPointerException e) { // "No kernel running": it cannot be asked otherwise
      return Optional.empty();
    }
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
    Object control = Inside.get(Inside.get(kernel, "evaluator"), "execControl");
    CellOutput output = new CellOutput();
    StopButton stop = StopButton.in(control, output::flush);
    takeOver(kernel.getIO(), output, stop);
    Inside.set(kernel, "errorStyler", PLAIN);
    // The front end writes it into a notebook that it opens, which then counts as changed.
    Inside.set(kernel.getLanguageInfo(), "version", null);
  }

  private static void takeOver(JupyterIO io, CellOutput output, StopButton stop)
      throws ReflectiveOperationException {
    var cell = (ShellReplyEnvironment) Inside.get(io.display, "env");
    var out =
        new JJavaStream(output, cell, ShellReplyEnvironment::writeToStdOut, System.out::print);
    var err =
        new JJavaStream(output, cell, ShellReplyEnvironment::writeToStdErr, System.err::print);
    Inside.set(io, "jupyterOut", out);
    Inside.set(io, "jupyterErr", err);
    Inside.set(io, "out", new PrintStream(out, false, StandardCharsets.UTF_8));
    Inside.set(io, "err", new PrintStream(err, false, StandardCharsets.UTF_8));
    Inside.set(io, "display", new JJavaDisplay(output, cell, stop));
    // The kernel puts these back after each cell: threads print on.
    System.setOut(io.out);
    System.setErr(io.err);
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
