package dev.ovchat.notebook;

import dev.ovchat.notebook.Look.Form;
import java.util.Optional;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.RenderContext;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;

/** JJava. It has the same names as IJava in another package. */
record JJavaKernel(BaseKernel kernel) implements Kernel {

  /** The one that runs; a {@link LinkageError} where JJava is not on the class path. */
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
  public void show(String id, String text) {
    DisplayData data = new DisplayData(text);
    data.putTransientData("display_id", id);
    kernel.display(data);
  }

  @Override
  public void update(String id, String text) {
    kernel.getIO().display.updateDisplay(id, new DisplayData(text));
  }
}
