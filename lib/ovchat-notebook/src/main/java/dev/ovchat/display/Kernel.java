package dev.ovchat.display;

import dev.ovchat.widget.Comms;
import java.nio.file.Path;
import java.util.Map;

/** The kernel that runs this notebook. */
interface Kernel {

  /**
   * Replaces parts of the kernel: from now on cells print through {@link CellOutput}, the stop
   * button is a {@link StopButton}, and errors are shown without colours, which are not readable in
   * every theme.
   *
   * @throws ReflectiveOperationException if the kernel is not of a known version
   */
  void takeOver() throws ReflectiveOperationException;

  /**
   * Adds a jar for the cells that come later.
   *
   * @throws ReflectiveOperationException if the kernel is not of a known version
   */
  default void addToClassPath(Path jar) throws ReflectiveOperationException {
    throw new NoSuchMethodException("no way to add " + jar);
  }

  /**
   * Prepares the kernel for widgets.
   *
   * @throws ReflectiveOperationException if the kernel is not of a known version
   */
  default Comms comms() throws ReflectiveOperationException {
    throw new NoSuchMethodException("no comms");
  }

  /** Registers the formats of the values of a type. */
  <T> void register(MimeFormats<T> formats);

  /**
   * Shows a text in the cell.
   *
   * @param id a new id
   * @param forms the text by MIME type
   */
  void show(String id, Map<String, String> forms);

  /** Shows another text in place of the one with this id. */
  void update(String id, Map<String, String> forms);
}
