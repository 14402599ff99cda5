package dev.ovchat.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.experiment.ConfigGrid;
import dev.ovchat.widget.Button;
import dev.ovchat.widget.Label;
import dev.ovchat.widget.Page;
import dev.ovchat.widget.Text;
import dev.ovchat.widget.ToggleButtons;
import dev.ovchat.widget.Widget;
import dev.ovchat.widget.Widgets;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A grid in a form, as a page changes it. */
class GridFormTest {
  private static final ConfigGrid GRID =
      ConfigGrid.from(Map.of("NUM_STREAMS", "1", "CACHE_DIR", "compiled"))
          .vary("NUM_STREAMS", "2", "4")
          .vary("CACHE_DIR", "");

  private final Page page = new Page();
  private final GridForm form = GridForm.of(GRID);
  private final Widget widget = form.widget();

  @BeforeEach
  void show() {
    Widgets.connect(page);
    widget.view();
  }

  private void type(String field, String text) {
    page.update(Page.named(widget, Text.class, field), "value", text);
  }

  private String count() {
    return Page.all(widget, Label.class).get(0).value();
  }

  private static void waitFor(Supplier<String> text, String wanted) throws InterruptedException {
    for (int tries = 0; !text.get().equals(wanted); tries++) {
      assertThat(tries).as(text.get()).isLessThan(600);
      Thread.sleep(50);
    }
  }

  @Test
  void whatNobodyChangesIsTheGridAsItWas() {
    assertThat(form.grid()).isEqualTo(GRID);
    assertThat(form.configs()).isEqualTo(GRID.oneAtATime());
    assertThat(widget)
        .hasToString(
            """
            NUM_STREAMS: 2; 4
            CACHE_DIR: ""
            Another key:   [Add]
            Configs: one value at a time  4 configs""");
  }

  @Test
  void valuesAreReadFromTheFields() throws InterruptedException {
    type("NUM_STREAMS", " 8 ;; 2;");
    waitFor(this::count, "4 configs");
    type("CACHE_DIR", "");
    waitFor(this::count, "3 configs");
    assertThat(form.grid())
        .isEqualTo(ConfigGrid.from(GRID.baseline()).vary("NUM_STREAMS", "8", "2"));
  }

  @Test
  void allCombinationsAreAWay() throws InterruptedException {
    page.update(Page.all(widget, ToggleButtons.class).get(0), "index", 1);
    waitFor(this::count, "6 configs");
    assertThat(form.configs()).isEqualTo(GRID.combinations());
  }

  @Test
  void aKeyIsAddedOnce() throws InterruptedException {
    type("Another key", "INFERENCE_PRECISION_HINT");
    page.click(Page.named(widget, Button.class, "Add"));
    waitFor(() -> Page.named(widget, Text.class, "Another key").value(), "");
    type("INFERENCE_PRECISION_HINT", "f32");
    waitFor(this::count, "5 configs");
    assertThat(form.grid()).isEqualTo(GRID.vary("INFERENCE_PRECISION_HINT", "f32"));
    type("Another key", "NUM_STREAMS");
    page.submit(Page.named(widget, Text.class, "Another key"));
    waitFor(
        () -> page.complaint(widget), "NUM_STREAMS has a field already. Type its values there.");
    type("Another key", " ");
    page.click(Page.named(widget, Button.class, "Add"));
    waitFor(() -> page.complaint(widget), "There is no key yet. Type one into the field.");
  }

  @Test
  void whatIsNoKeyOrNoValueIsSaid() throws InterruptedException {
    type("Another key", "A=B");
    page.click(Page.named(widget, Button.class, "Add"));
    waitFor(
        () -> page.complaint(widget),
        "grid cell A=B = \"\": keys and values are texts without semicolons, line breaks and blanks"
            + " at their ends, and keys without =.");
    type("NUM_STREAMS", "a\tb");
    waitFor(this::count, "");
    waitFor(
        () -> page.complaint(widget),
        "grid cell NUM_STREAMS = \"a\tb\": keys and values are texts without semicolons, line"
            + " breaks and blanks at their ends, and keys without =.");
  }
}
