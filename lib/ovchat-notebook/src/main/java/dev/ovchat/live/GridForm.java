package dev.ovchat.live;

import dev.ovchat.experiment.ConfigGrid;
import dev.ovchat.widget.Button;
import dev.ovchat.widget.HBox;
import dev.ovchat.widget.Label;
import dev.ovchat.widget.Text;
import dev.ovchat.widget.ToggleButtons;
import dev.ovchat.widget.VBox;
import dev.ovchat.widget.Widget;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A {@link ConfigGrid} as a form: a field for each key, with the values to try. It is read when it
 * is asked for its grid or its configs, so that a sweep runs what stands there then.
 */
public final class GridForm {
  private static final String BETWEEN = ";"; // no value of a grid has one
  private static final String EMPTY = "\"\"";

  private final Map<String, String> baseline;
  private final Map<String, Text> fields = new LinkedHashMap<>();
  private final VBox rows = VBox.of();
  private final Text newKey = new Text("").description("Another key");
  private final Button add = new Button("Add").tooltip("Adds a field for this key.");
  private final ToggleButtons<Way> way =
      ToggleButtons.of(List.of(Way.values()), Way.ONE_AT_A_TIME).description("Configs");
  private final Label count = new Label("");
  private final Widget widget;

  /** A way to make configs of a grid. */
  private enum Way {
    ONE_AT_A_TIME("one value at a time"),
    COMBINATIONS("every combination");

    private final String words;

    Way(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  private GridForm(ConfigGrid grid) {
    this.baseline = grid.baseline();
    grid.values().forEach((key, values) -> addField(key, text(values)));
    newKey.placeholder("a key of OpenVINO").onSubmit(this::addKey);
    add.onClick(() -> addKey(newKey.settled()));
    way.onChange(chosen -> count());
    widget = VBox.of(rows, HBox.of(newKey, add), HBox.of(way, count));
    count();
  }

  /** Makes a form in which this grid stands at first. */
  public static GridForm of(ConfigGrid grid) {
    return new GridForm(grid);
  }

  /** The form, to be shown. */
  public Widget widget() {
    return widget;
  }

  /**
   * The grid as the form stands. A key whose field is empty is left out.
   *
   * @throws dev.ovchat.experiment.ExperimentException if a value cannot be written on a line
   */
  public ConfigGrid grid() {
    ConfigGrid grid = ConfigGrid.from(baseline);
    for (Map.Entry<String, Text> field : fields().entrySet()) {
      List<String> values = values(field.getValue().value());
      if (!values.isEmpty()) {
        grid = grid.vary(field.getKey(), values.toArray(String[]::new));
      }
    }
    return grid;
  }

  /**
   * The grid's configs, made in the way that is chosen; the first is the baseline.
   *
   * @throws dev.ovchat.experiment.ExperimentException as {@link #grid()}, and if they are too many
   */
  public List<Map<String, String>> configs() {
    return way.value() == Way.COMBINATIONS ? grid().combinations() : grid().oneAtATime();
  }

  private static List<String> values(String text) {
    return Stream.of(text.split(BETWEEN, -1))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .map(value -> value.equals(EMPTY) ? "" : value)
        .toList();
  }

  private static String text(List<String> values) {
    return values.stream()
        .map(value -> value.isEmpty() ? EMPTY : value)
        .collect(Collectors.joining(BETWEEN + " "));
  }

  private synchronized Map<String, Text> fields() {
    return new LinkedHashMap<>(fields);
  }

  private synchronized void addField(String key, String values) {
    Text field =
        new Text(values)
            .description(key)
            .placeholder("as in the baseline")
            .tooltip("Values to try, separated by semicolons; \"\" is the empty one.");
    field.layout().width("70%");
    field.onChange(changed -> count());
    fields.put(key, field);
    rows.children(List.copyOf(fields.values()));
  }

  private void addKey(String typed) {
    String key = typed.strip();
    if (key.isEmpty()) {
      throw new IllegalStateException("There is no key yet. Type one into the field.");
    }
    if (fields().containsKey(key)) {
      throw new IllegalStateException(key + " has a field already. Type its values there.");
    }
    new ConfigGrid(Map.of(key, ""), Map.of()); // refuses what is no key
    addField(key, "");
    newKey.value("");
  }

  /** Says how many configs there are; nothing where the form cannot be read. */
  private synchronized void count() {
    count.value("");
    count.value(configs().size() + " configs");
  }
}
