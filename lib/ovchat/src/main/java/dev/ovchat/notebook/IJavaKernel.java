package dev.ovchat.notebook;

import dev.ovchat.notebook.Look.Form;
import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.Optional;

/**
 * IJava 1.3.0. Its base, with all types that are used here, is in a package registry; it is not.
 */
record IJavaKernel(BaseKernel kernel) implements Kernel {
  private static final String IJAVA = "io.github.spencerpark.ijava.IJava";

  /** The one that runs; a {@link LinkageError} where IJava is not on the class path. */
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
