package dev.ovchat.widget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What widgets send to a page, and what they make of what it sends. */
class WidgetTest {
  private final Page page = new Page();
  private final FloatSlider slider = FloatSlider.of(0, 2, 0.1, 0.7).description("temperature");
  private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

  @BeforeEach
  void connect() {
    Widgets.connect(page);
  }

  private Object next() throws InterruptedException {
    return heard.poll(60, TimeUnit.SECONDS);
  }

  @Test
  void opensWithTheStateAndTheNamesOfIpywidgets() {
    assertThat(slider.view().orElseThrow())
        .containsEntry("version_major", 2)
        .containsEntry("version_minor", 0)
        .containsKey("model_id");
    assertThat(page.opened.get(slider.opened().orElseThrow()))
        .containsEntry("target", "jupyter.widget")
        .containsEntry("version", "2.1.0")
        .containsEntry("buffer_paths", List.of());
    assertThat(page.state(slider))
        .containsEntry("_model_module", "@jupyter-widgets/controls")
        .containsEntry("_model_module_version", "2.0.0")
        .containsEntry("_model_name", "FloatSliderModel")
        .containsEntry("_view_name", "FloatSliderView")
        .containsEntry("value", 0.7)
        .containsEntry("min", 0.0)
        .containsEntry("max", 2.0)
        .containsEntry("description", "temperature")
        .containsEntry("layout", "IPY_MODEL_" + slider.layout().opened().orElseThrow());
  }

  @Test
  void isOpenedOnceHoweverOftenItIsShown() {
    assertThat(slider.view()).isEqualTo(slider.view());
    assertThat(page.opened.values())
        .filteredOn(opened -> opened.toString().contains("FloatSliderModel"))
        .hasSize(1);
  }

  @Test
  void tellsThePageWhatAProgramSets() {
    slider.view();
    slider.value(1.5);
    slider.value(1.5);
    assertThat(page.sentTo(slider)).hasSize(1);
    assertThat(page.sentTo(slider).get(0))
        .containsEntry("method", "update")
        .containsEntry("state", Map.of("value", 1.5));
  }

  @Test
  void hearsWhatAPageSetsAndEchoesIt() throws InterruptedException {
    slider.onChange(heard::add).view();
    page.update(slider, "value", 1);
    assertThat(next()).isEqualTo(1.0);
    assertThat(slider.value()).isEqualTo(1.0);
    assertThat(page.sentTo(slider).get(0))
        .containsEntry("method", "echo_update")
        .containsEntry("state", Map.of("value", 1.0));
  }

  @Test
  void putsBackWhatItCannotHaveAndSaysWhatIsAllowed() throws InterruptedException {
    slider.onChange(heard::add).view();
    for (Object value : List.of(7, -0.1, "1", true, List.of(), Double.NaN)) {
      page.update(slider, "value", value);
      assertThat(slider.value()).isEqualTo(0.7);
      assertThat(page.sentTo(slider).get(page.sentTo(slider).size() - 1))
          .containsEntry("method", "echo_update")
          .containsEntry("state", Map.of("value", 0.7));
      assertThat(page.complaint(slider))
          .isEqualTo(
              "temperature cannot be %s; allowed is a number from 0.0 to 2.0.".formatted(value));
    }
    page.update(slider, "value", 2);
    assertThat(next()).isEqualTo(2.0);
    assertThat(page.complaint(slider)).isEmpty();
    assertThat(heard).isEmpty();
  }

  @Test
  void aPageSetsNothingElse() {
    slider.view();
    page.update(slider, "max", 100);
    assertThat(page.state(slider)).containsEntry("max", 2.0);
    assertThat(page.complaint(slider)).isEqualTo("A page cannot set max of a FloatSlider.");
  }

  @Test
  void messagesThatAreNoneAreSaid() {
    slider.view();
    page.send(slider, "{");
    assertThat(page.complaint(slider))
        .startsWith("The page sent something that is not a JSON object: ");
    page.send(slider, "[1]");
    assertThat(page.complaint(slider))
        .startsWith("The page sent something that is not a JSON object: ");
    page.send(slider, "{\"method\": \"update\"}");
    assertThat(page.complaint(slider))
        .isEqualTo("The page sent a message without an object state.");
    page.send(slider, "{\"method\": \"fly\"}");
    assertThat(page.complaint(slider))
        .isEqualTo("The page sent a message of a kind that widgets do not know: fly.");
    page.send(slider, "{\"method\": \"custom\", \"content\": {\"event\": \"jump\"}}");
    assertThat(page.complaint(slider)).isEqualTo("A FloatSlider knows no event jump.");
  }

  @Test
  void tooLongATextIsRefusedAndNotRepeatedWhole() {
    Text text = new Text("short");
    text.view();
    page.update(text, "value", "x".repeat(10_000_000));
    assertThat(text.value()).isEqualTo("short");
    assertThat(page.complaint(text))
        .hasSizeLessThan(200)
        .endsWith("a text of at most 1000000 characters.");
  }

  @Test
  void whatAListenerThrowsIsShownUntilItSucceeds() throws InterruptedException {
    Button button = new Button("Go");
    boolean[] fails = {true};
    button.onClick(
        () -> {
          heard.add("clicked");
          if (fails[0]) {
            throw new IllegalStateException("There is no model.");
          }
        });
    VBox box = VBox.of(HBox.of(button));
    box.view();
    page.send(button, "{\"method\": \"custom\", \"content\": {\"event\": \"click\"}}");
    assertThat(next()).isEqualTo("clicked");
    waitFor(() -> page.complaint(box).equals("There is no model."));
    fails[0] = false;
    page.send(button, "{\"method\": \"custom\", \"content\": {\"event\": \"click\"}}");
    waitFor(() -> page.complaint(box).isEmpty());
  }

  private static void waitFor(BooleanSupplier condition) throws InterruptedException {
    for (int tries = 0; !condition.getAsBoolean(); tries++) {
      assertThat(tries).isLessThan(600);
      Thread.sleep(100);
    }
  }

  @Test
  void ofAFloodTheListenerGetsTheLast() throws InterruptedException {
    CountDownLatch held = new CountDownLatch(1);
    slider.onChange(
        value -> {
          heard.add(value);
          awaitUninterruptibly(held);
        });
    slider.view();
    page.update(slider, "value", 0.5);
    assertThat(next()).isEqualTo(0.5);
    for (int move = 0; move < 1000; move++) {
      page.update(slider, "value", 1 + move / 1000.0);
    }
    held.countDown();
    assertThat(next()).isEqualTo(1.999);
    assertThat(heard).isEmpty();
    assertThat(slider.value()).isEqualTo(1.999);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aListenerThatDoesNotEndIsSaid() throws InterruptedException {
    CountDownLatch held = new CountDownLatch(1);
    slider.onChange(value -> awaitUninterruptibly(held)).view();
    page.update(slider, "value", 1);
    waitFor(
        () -> page.complaint(slider).startsWith("The listener has been running for 5 seconds."));
    page.update(slider, "value", 2); // it still answers
    assertThat(slider.value()).isEqualTo(2.0);
    held.countDown();
    waitFor(() -> page.complaint(slider).isEmpty());
  }

  @Test
  void aPageThatIsLoadedAnewGetsAllStates() {
    slider.view();
    slider.value(1.2);
    page.openAndSend("jupyter.widget.control", "{\"method\": \"request_states\"}");
    Map<String, Object> answer = page.sent.get(page.sent.size() - 1);
    assertThat(answer)
        .containsEntry("to", "from the page")
        .containsEntry("method", "update_states");
    Map<?, ?> model =
        (Map<?, ?>) ((Map<?, ?>) answer.get("states")).get(slider.opened().orElseThrow());
    assertThat(model.get("model_name")).isEqualTo("FloatSliderModel");
    assertThat(((Map<?, ?>) model.get("state")).get("value")).isEqualTo(1.2);
  }

  @Test
  void aChoiceIsSentByItsNumber() throws InterruptedException {
    Dropdown<String> device = Dropdown.of(List.of("CPU", "GPU"), "CPU");
    device.onChange(heard::add).view();
    assertThat(page.state(device))
        .containsEntry("_options_labels", List.of("CPU", "GPU"))
        .containsEntry("index", 0);
    page.update(device, "index", 1);
    assertThat(next()).isEqualTo("GPU");
    page.update(device, "index", 2);
    assertThat(page.complaint(device))
        .isEqualTo("Dropdown cannot be number 2; allowed is one of 2 options, counted from 0.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> device.value("NPU"))
        .withMessage("Dropdown cannot be NPU; allowed is one of [CPU, GPU].");
  }

  @Test
  void aFoldIsClosedByNothing() {
    Accordion accordion = new Accordion().add("More", new Label("text"));
    accordion.view();
    page.update(accordion, "selected_index", 0);
    page.update(accordion, "selected_index", null);
    Map<?, ?> echo = (Map<?, ?>) page.sentTo(accordion).get(1).get("state");
    assertThat(echo.containsKey("selected_index")).isTrue();
    assertThat(echo.get("selected_index")).isNull();
    page.update(accordion, "selected_index", 1);
    assertThat(page.complaint(accordion)).isEqualTo("There is no part 1 among 1, counted from 0.");
  }

  @Test
  void ofSeveralValuesTheGoodOnesCount() {
    slider.view();
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("max", 100);
    state.put("value", 2);
    page.send(slider, Json.text(Map.of("method", "update", "state", state)));
    assertThat(slider.value()).isEqualTo(2.0);
    assertThat(page.complaint(slider)).isEqualTo("A page cannot set max of a FloatSlider.");
  }

  @Test
  void anEventThatTakesLongIsNoComplaint() throws InterruptedException {
    CountDownLatch held = new CountDownLatch(1);
    Button button = new Button("Go").onClick(() -> awaitUninterruptibly(held));
    slider.onChange(value -> awaitUninterruptibly(held));
    VBox box = VBox.of(button, slider);
    box.view();
    page.click(button);
    page.update(slider, "value", 1); // begins later, and is said
    waitFor(() -> page.complaint(box).startsWith("The listener has been running"));
    assertThat(page.sent.toString().split("has been running", -1)).hasSize(2);
    held.countDown();
  }

  @Test
  void listenersOfEventsGetTheTextThatFollowsThem() throws InterruptedException {
    Text text = new Text("").onSubmit(heard::add);
    text.view();
    page.update(text, "value", "W");
    page.submit(text);
    page.update(text, "value", "What?"); // the page had kept it back
    assertThat(next()).isEqualTo("What?");
  }

  @Test
  void refusedOptionsChangeNothing() {
    Dropdown<String> device = Dropdown.of(List.of("CPU", "GPU"), "GPU");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> device.options(List.of("NPU"), "GPU"))
        .withMessage("Dropdown cannot be GPU; allowed is one of [NPU].");
    assertThat(device.value()).isEqualTo("GPU");
    assertThat(device.options(List.of("NPU"), "NPU").value()).isEqualTo("NPU");
  }

  @Test
  void whatIsClosedIsForgottenAndCanBeShownAgain() {
    Widgets.closeAll();
    VBox box = VBox.of(slider, new Label("text"));
    box.view();
    String first = slider.opened().orElseThrow();
    assertThat(Widgets.open()).isEqualTo(page.opened.size());
    box.close();
    assertThat(Widgets.open()).isZero();
    assertThat(page.closed).containsExactlyInAnyOrderElementsOf(page.opened.keySet());
    slider.value(1.1); // nobody is told
    assertThat(page.sent).isEmpty();
    box.view();
    assertThat(slider.opened().orElseThrow()).isNotEqualTo(first);
    assertThat(page.state(slider)).containsEntry("value", 1.1);
    Widgets.closeAll();
    assertThat(Widgets.open()).isZero();
  }

  @Test
  void anOutputJoinsWhatIsPrinted() {
    Output output = new Output();
    output.print("one ").print("two\n");
    assertThat(output).hasToString("one two\n");
    output.show(Map.of("text/plain", "a chart"), Map.of());
    assertThat(output).hasToString("a chart");
    assertThat(output.clear()).hasToString("");
  }

  @Test
  void readsWellAsText() {
    assertThat(
            VBox.of(
                slider,
                HBox.of(new Checkbox(true).description("sample"), new Button("Go")),
                new Accordion().add("More", new Label("<b>text</b>")),
                new Progress(10).value(4).description("runs")))
        .hasToString(
            """
            temperature: 0.7
            sample: true  [Go]
            More
              <b>text</b>
            runs: 4 of 10""");
  }
}
