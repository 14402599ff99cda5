package dev.ovchat.widget;

/** Widgets below one another that can be folded in; at first all are. */
public final class Accordion extends TitledBox<Accordion> {

  /** Makes one that holds nothing yet. */
  public Accordion() {
    super("Accordion", null);
  }
}
