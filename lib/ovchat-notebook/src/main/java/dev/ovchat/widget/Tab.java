package dev.ovchat.widget;

/** Widgets behind one another, with tabs to choose one. */
public final class Tab extends TitledBox<Tab> {

  /** Makes one that holds nothing yet. */
  public Tab() {
    super("Tab", 0);
  }
}
