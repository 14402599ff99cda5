package dev.ovchat.display;

import java.util.Map;

/** The kernel that runs this notebook. */
interface Kernel {

  /**
   * From now on what cells print goes through {@link CellOutput}, the stop button is a {@link
   * StopButton}, and errors are told without colours, which are not to be read in every theme.
   *
   * @throws ReflectiveOperationException if the kernel is another one than is known here
   */
  void takeOver() throws ReflectiveOperationException;

  /** From now on values of this type are shown with this look. */
  <T> void register(Look<T> look);

  /**
   * Shows a text in the cell.
   *
   * @param id a new one
   * @param forms the text by MIME type
   */
  void show(String id, Map<String, String> forms);

  /** Shows another text in place of the one with this id. */
  void update(String id, Map<String, String> forms);
}
