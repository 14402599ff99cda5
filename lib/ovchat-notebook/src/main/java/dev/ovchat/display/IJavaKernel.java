package dev.ovchat.display;

import dev.ovchat.display.MimeFormats.Format;
import dev.ovchat.widget.Comms;
import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.JupyterIO;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import io.github.spencerpark.jupyter.kernel.util.StringStyler;
import io.github.spencerpark.jupyter.messages.request.CommInfoRequest;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

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
    Object evaluator = PrivateFields.get(kernel, "evaluator");
    Object controls = PrivateFields.get(evaluator, "executionControlProvider");
    Object control =
        controls
            .getClass()
            .getMethod("getRegisteredControlByID", String.class)
            .invoke(controls, PrivateFields.get(evaluator, "executionControlID"));
    CellOutput output = new CellOutput();
    StopButton stop = StopButton.in(control, output::flush);
    takeOver(kernel.getIO(), output, stop, this::takeOverMessages);
    kernel.setShouldReplaceStdStreams(false);
    PrivateFields.set(kernel, "errorStyler", PLAIN);
    // The front end writes it into a notebook that it opens, which then counts as changed.
    PrivateFields.set(kernel.getLanguageInfo(), "version", null);
  }

  private static void takeOver(
      JupyterIO io, CellOutput output, StopButton stop, Consumer<ShellReplyEnvironment> atFirstCell)
      throws ReflectiveOperationException {
    var cell = (ShellReplyEnvironment) PrivateFields.get(io.display, "env");
    var out =
        new IJavaStream(output, cell, ShellReplyEnvironment::writeToStdOut, System.out::print);
    var err =
        new IJavaStream(output, cell, ShellReplyEnvironment::writeToStdErr, System.err::print);
    PrivateFields.set(io, "jupyterOut", out);
    PrivateFields.set(io, "jupyterErr", err);
    PrivateFields.set(io, "out", new PrintStream(out, false, StandardCharsets.UTF_8));
    PrivateFields.set(io, "err", new PrintStream(err, false, StandardCharsets.UTF_8));
    PrivateFields.set(
        io, "display", new IJavaDisplay(output, cell, stop, atFirstCell, () -> useForPrints(io)));
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

  /** Takes over the messages of pages. The channel is known from the first cell on. */
  private void takeOverMessages(ShellReplyEnvironment cell) {
    try {
      MessageWait.replaceIn(cell.getShell());
      var connection = (JupyterConnection) PrivateFields.get(cell.getShell(), "connection");
      connection.setHandler(
          CommInfoRequest.MESSAGE_TYPE, new IJavaCommInfo(kernel.getCommManager()));
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
    return new IJavaComms(manager);
  }
}
