package dev.ovchat.display;

import dev.ovchat.display.MimeFormats.Format;
import dev.ovchat.widget.Comms;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.JupyterIO;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.RenderContext;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;
import org.dflib.jjava.jupyter.messages.request.CommInfoRequest;

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
  public <T> void register(MimeFormats<T> formats) {
    register(kernel.getRenderer(), formats);
  }

  static <T> void register(Renderer renderer, MimeFormats<T> formats) {
    renderer
        .createRegistration(formats.type())
        .preferring(formats.mimeTypes().toArray(String[]::new))
        .register(
            (value, context) ->
                formats.formats().forEach(format -> render(format, value, context)));
  }

  private static <T> void render(Format<T> format, T value, RenderContext context) {
    MIMEType type = MIMEType.parse(format.mimeType());
    if (context.wantsDataRenderedAs(type)) {
      DisplayData out = context.getOutputContainer();
      format.of(value).ifPresent(shown -> put(out, type, shown));
    }
  }

  private static void put(DisplayData out, MIMEType type, MimeFormats.MimeData shown) {
    out.putData(type, shown.data());
    if (!shown.metadata().isEmpty()) {
      out.putMetaData(type, shown.metadata());
    }
  }

  @Override
  public void takeOver() throws ReflectiveOperationException {
    Object control = PrivateFields.get(PrivateFields.get(kernel, "evaluator"), "execControl");
    CellOutput output = new CellOutput();
    StopButton stop = StopButton.in(control, output::flush);
    takeOver(kernel.getIO(), output, stop, this::takeOverMessages);
    PrivateFields.set(kernel, "errorStyler", PLAIN);
    // The front end writes it into a notebook that it opens, which then counts as changed.
    PrivateFields.set(kernel.getLanguageInfo(), "version", null);
  }

  private static void takeOver(
      JupyterIO io, CellOutput output, StopButton stop, Consumer<ShellReplyEnvironment> atFirstCell)
      throws ReflectiveOperationException {
    var cell = (ShellReplyEnvironment) PrivateFields.get(io.display, "env");
    var out =
        new JJavaStream(output, cell, ShellReplyEnvironment::writeToStdOut, System.out::print);
    var err =
        new JJavaStream(output, cell, ShellReplyEnvironment::writeToStdErr, System.err::print);
    PrivateFields.set(io, "jupyterOut", out);
    PrivateFields.set(io, "jupyterErr", err);
    PrivateFields.set(io, "out", new PrintStream(out, false, StandardCharsets.UTF_8));
    PrivateFields.set(io, "err", new PrintStream(err, false, StandardCharsets.UTF_8));
    PrivateFields.set(io, "display", new JJavaDisplay(output, cell, stop, atFirstCell));
    // The kernel puts these back after each cell: threads print on.
    System.setOut(io.out);
    System.setErr(io.err);
  }

  /** Takes over the messages of pages. The channel is known from the first cell on. */
  private void takeOverMessages(ShellReplyEnvironment cell) {
    try {
      MessageWait.replaceIn(cell.getShell());
      var connection = (JupyterConnection) PrivateFields.get(cell.getShell(), "connection");
      connection.setHandler(
          CommInfoRequest.MESSAGE_TYPE, new JJavaCommInfo(kernel.getCommManager()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "The kernel's shell channel is not that of a known version: " + e, e);
    }
  }

  /** {@inheritDoc} The method belongs to the kernel itself, which is not there at compile time. */
  @Override
  public void addToClassPath(Path jar) throws ReflectiveOperationException {
    kernel.getClass().getMethod("addToClasspath", String.class).invoke(kernel, jar.toString());
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

  /**
   * {@inheritDoc} Widgets open comms from their own threads, while the kernel looks for one in the
   * same map.
   */
  @Override
  public Comms comms() throws ReflectiveOperationException {
    var manager = kernel.getCommManager();
    var comms = (Map<?, ?>) PrivateFields.get(manager, "comms");
    PrivateFields.set(manager, "comms", new ConcurrentHashMap<>(comms));
    return new JJavaComms(manager);
  }
}
