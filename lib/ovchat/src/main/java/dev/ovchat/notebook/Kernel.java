package dev.ovchat.notebook;

/** The kernel that runs this notebook. */
interface Kernel {

  /** From now on values of this type are shown with this look. */
  <T> void register(Look<T> look);

  /** Shows a text in the cell. The id is a new one. */
  void show(String id, String text);

  /** Shows another text in place of the one with this id. */
  void update(String id, String text);
}
