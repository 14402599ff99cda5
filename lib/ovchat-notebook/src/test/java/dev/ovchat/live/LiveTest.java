package dev.ovchat.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.DemoModel;
import dev.ovchat.chart.Chart;
import dev.ovchat.chat.Chat;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.Candidate;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import dev.ovchat.table.Tables;
import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.widget.Button;
import dev.ovchat.widget.Dropdown;
import dev.ovchat.widget.FloatSlider;
import dev.ovchat.widget.HTML;
import dev.ovchat.widget.IntSlider;
import dev.ovchat.widget.Label;
import dev.ovchat.widget.Output;
import dev.ovchat.widget.Page;
import dev.ovchat.widget.Text;
import dev.ovchat.widget.VBox;
import dev.ovchat.widget.Widget;
import dev.ovchat.widget.Widgets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a page does with the live widgets, on the demo model in full precision. */
class LiveTest {
  private static final Page PAGE = new Page();
  private static final GenerationConfig GREEDY =
      GenerationConfig.defaults().doSample(false).maxNewTokens(200);
  private static CausalLM model;
  private static ChatTemplate template;
  private static TokenIds prompt;

  @BeforeAll
  static void load() {
    Widgets.connect(PAGE);
    model =
        CausalLM.load(
            DemoModel.DIRECTORY, Device.of("CPU"), Map.of("EXECUTION_MODE_HINT", "ACCURACY"));
    template = ChatTemplate.load(DemoModel.DIRECTORY);
    prompt = model.tokenizer().encode(DemoModel.PROMPT, EncodeOptions.AS_IT_IS);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static void waitFor(BooleanSupplier condition) throws InterruptedException {
    for (int tries = 0; !condition.getAsBoolean(); tries++) {
      assertThat(tries).isLessThan(12_000);
      Thread.sleep(50);
    }
  }

  private static Button button(Widget widget, String name) {
    return Page.named(widget, Button.class, name);
  }

  private static void type(Widget box, String question) {
    PAGE.update(Page.named(box, Text.class, "Question"), "value", question);
  }

  /** Presses a button, and waits for the answer. */
  private static void answer(Widget box, String name) throws InterruptedException {
    String before = facts(box);
    PAGE.click(button(box, name));
    waitFor(() -> !facts(box).equals(before) && Page.isEnabled(button(box, "Ask")));
  }

  /** What is said about the last answer, whose times are never the same. */
  private static String facts(Widget box) {
    List<HTML> shown = Page.all(box, HTML.class); // the messages, this, and the prompt
    return shown.get(shown.size() - 2).toString();
  }

  private static String transcript(Widget box) {
    return Page.all(box, VBox.class).get(1).toString();
  }

  @Test
  void aChatBoxAnswersAsAChatDoes() throws InterruptedException {
    try (ChatBox chatBox = ChatBox.of(model, template);
        Chat chat = Chat.of(model, template, GREEDY)) {
      Widget box = chatBox.widget();
      box.view();
      String first = chat.ask("can you introduce yourself?").text();
      type(box, "can you introduce yourself?");
      PAGE.submit(Page.named(box, Text.class, "Question"));
      waitFor(() -> transcript(box).contains(first) && Page.isEnabled(button(box, "Ask")));
      assertThat(transcript(box))
          .isEqualTo("user: can you introduce yourself?\nassistant: " + first);
      assertThat(Page.named(box, Text.class, "Question").value()).isEmpty();
      assertThat(box.toString()).contains("ended by END_TOKEN").contains("<|assistant|>");

      String second = chat.ask("What is a token?").text();
      type(box, "What is a token?");
      answer(box, "Ask");
      assertThat(transcript(box)).endsWith("user: What is a token?\nassistant: " + second);

      String edited = chat.edit(0, "What is a prompt?", piece -> {}).text();
      type(box, "What is a prompt?");
      PAGE.update(Page.named(box, Dropdown.class, "Turn"), "index", 0);
      answer(box, "Edit");
      assertThat(transcript(box)).isEqualTo("user: What is a prompt?\nassistant: " + edited);

      PAGE.click(button(box, "Clear"));
      waitFor(() -> transcript(box).isEmpty());
    }
  }

  @Test
  void theValuesCountFromTheNextAnswerOn() throws InterruptedException {
    try (ChatBox chatBox = ChatBox.of(model, template)) {
      Widget box = chatBox.widget();
      box.view();
      PAGE.update(Page.named(box, IntSlider.class, "Longest answer"), "value", 3);
      type(box, "can you introduce yourself?");
      answer(box, "Ask");
      assertThat(box.toString()).contains("3 new tokens").contains("ended by LENGTH");
      PAGE.update(Page.named(box, Text.class, "System message"), "value", "Answer in a word.");
      answer(box, "Ask anew");
      assertThat(box.toString()).contains("<|system|>").contains("Answer in a word.");
    }
  }

  @Test
  void anEmptyQuestionIsNotAsked() throws InterruptedException {
    try (ChatBox chatBox = ChatBox.of(model, template)) {
      Widget box = chatBox.widget();
      box.view();
      PAGE.click(button(box, "Ask"));
      waitFor(
          () -> PAGE.complaint(box).equals("There is no question yet. Type one into the field."));
      assertThat(transcript(box)).isEmpty();
    }
  }

  @Test
  void whatIsTypedMeanwhileStays() throws InterruptedException {
    try (ChatBox chatBox = ChatBox.of(model, template)) {
      Widget box = chatBox.widget();
      box.view();
      Text question = Page.named(box, Text.class, "Question");
      type(box, "can you introduce yourself?");
      PAGE.submit(question);
      waitFor(() -> transcript(box).startsWith("user: can you introduce yourself?"));
      type(box, "What is a token?");
      waitFor(() -> facts(box).contains("ended by") && Page.isEnabled(button(box, "Ask")));
      assertThat(question.value()).isEqualTo("What is a token?");
      answer(box, "Ask anew");
      assertThat(question.value()).isEqualTo("What is a token?");
      assertThat(transcript(box)).startsWith("user: can you introduce yourself?\nassistant: ");
    }
  }

  /** The page hears of the buttons one by one, and a person does not wait for the last. */
  @Test
  void aPressAsSoonAsAButtonCanBePressedIsHeard() throws InterruptedException {
    try (ChatBox chatBox = ChatBox.of(model, template)) {
      Widget box = chatBox.widget();
      box.view();
      type(box, "What is a token?");
      AtomicBoolean pressed = new AtomicBoolean();
      PAGE.whenEnabled(
          button(box, "Ask"),
          () -> {
            if (pressed.compareAndSet(false, true)) {
              PAGE.click(button(box, "Ask"));
              while (PAGE.complaint(box).isEmpty() && !aListenerWaits()) {
                Thread.onSpinWait();
              }
            }
          });
      chatBox.ask("can you introduce yourself?");
      waitFor(
          () ->
              !PAGE.complaint(box).isEmpty()
                  || transcript(box).contains("user: What is a token?\nassistant: "));
      assertThat(PAGE.complaint(box)).isEmpty();
    }
  }

  /** Tests whether what a page sent waits for a lock. */
  private static boolean aListenerWaits() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(
            thread ->
                thread.getName().startsWith("widget ")
                    && thread.getState() == Thread.State.BLOCKED);
  }

  @Test
  void anEditWithoutWordsLeavesTheChatAlone() throws InterruptedException {
    try (ChatBox chatBox = ChatBox.of(model, template).ask("What is a token?")) {
      Widget box = chatBox.widget();
      box.view();
      String before = transcript(box);
      PAGE.click(button(box, "Edit"));
      waitFor(() -> PAGE.complaint(box).startsWith("There is no question yet."));
      assertThat(transcript(box)).isEqualTo(before);
    }
  }

  @Test
  void marksOfHtmlAreShownAsTheyAre() {
    try (ChatBox chatBox = ChatBox.of(model, template).ask("<img src=x onerror=alert(1)>")) {
      HTML shown = Page.all(chatBox.widget(), HTML.class).get(0);
      assertThat(shown.value()).contains("&lt;img src=x").doesNotContain("<img");
    }
  }

  @Test
  void onlyTheMessageThatGrowsIsSent() throws InterruptedException {
    try (ChatBox chatBox = ChatBox.of(model, template)) {
      Widget box = chatBox.widget();
      box.view();
      String asked = "What is a token? " + "It is long. ".repeat(40);
      for (int turn = 0; turn < 3; turn++) {
        chatBox.ask(asked);
      }
      int before = PAGE.sent().size();
      chatBox.ask("can you introduce yourself?");
      List<Map<String, Object>> sent = PAGE.sent().subList(before, PAGE.sent().size());
      assertThat(sent)
          .filteredOn(message -> message.toString().contains("<b>assistant</b>"))
          .isNotEmpty();
      // The prompt as the model reads it, once.
      assertThat(sent).filteredOn(message -> message.toString().contains("It is long.")).hasSize(1);
    }
  }

  @Test
  void afterAStoppedAnswerNothingMoreIsAsked() {
    try (ChatBox chatBox = ChatBox.of(model, template)) {
      chatBox.ask("What is a token?");
      String before = transcript(chatBox.widget());
      Thread.currentThread().interrupt(); // as the kernel's stop button does it
      chatBox.ask("can you introduce yourself?", "What is a prompt?");
      assertThat(facts(chatBox.widget())).contains("ended by CANCELLED");
      assertThat(transcript(chatBox.widget())).isEqualTo(before); // nothing was said to the first
      chatBox.ask("can you introduce yourself?", "What is a prompt?");
      assertThat(transcript(chatBox.widget()))
          .contains("user: can you introduce yourself?\nassistant: ", "user: What is a prompt?");
    }
  }

  @Test
  void messagesThatGoAreClosed() throws InterruptedException {
    try (ChatBox chatBox = ChatBox.of(model, template)) {
      Widget box = chatBox.widget();
      box.view();
      int empty = Widgets.open();
      chatBox.ask("What is a token?").ask("can you introduce yourself?");
      assertThat(Page.all(box, HTML.class)).hasSize(4 + 2);
      assertThat(Widgets.open()).isGreaterThan(empty);
      PAGE.click(button(box, "Clear"));
      waitFor(() -> transcript(box).isEmpty() && Page.isEnabled(button(box, "Ask")));
      assertThat(Widgets.open()).isEqualTo(empty);
    }
  }

  @Test
  void aStepThatFailsIsNotTaken() throws InterruptedException {
    TokenStepper stepper = TokenStepper.of(model, prompt);
    Widget widget = stepper.widget();
    widget.view();
    stepper.close();
    widget.view(); // a page that still shows it
    PAGE.click(button(widget, "Forward"));
    waitFor(() -> !PAGE.complaint(widget).isEmpty());
    assertThat(stepper.answer().size()).isZero();
  }

  @Test
  void aStepperWalksTheGreedyAnswerAndBack() throws InterruptedException {
    TokenIds greedy = model.generate(prompt, GREEDY.repetitionPenalty(1).maxNewTokens(6)).ids();
    try (TokenStepper stepper = TokenStepper.of(model, prompt)) {
      Widget widget = stepper.widget();
      widget.view();
      Output chart = Page.all(widget, Output.class).get(0);
      String first = chart.toString();
      for (int count = 1; count <= 6; count++) {
        PAGE.click(button(widget, "Forward"));
        waitForStep(widget, stepper, count);
      }
      assertThat(stepper.answer()).isEqualTo(greedy);
      assertThat(Page.all(widget, HTML.class).get(0))
          .hasToString(model.tokenizer().decode(greedy, DecodeOptions.READABLE));
      for (int count = 5; count >= 0; count--) {
        PAGE.click(button(widget, "Back"));
        waitForStep(widget, stepper, count);
      }
      assertThat(chart).hasToString(first);
      assertThat(Page.isEnabled(button(widget, "Back"))).isFalse();
      PAGE.update(Page.named(widget, Dropdown.class, "Next token"), "index", 1);
      PAGE.click(button(widget, "Forward"));
      waitForStep(widget, stepper, 1);
      assertThat(stepper.answer().get(0)).isNotEqualTo(greedy.get(0));
    }
  }

  private static void waitForStep(Widget widget, TokenStepper stepper, int count)
      throws InterruptedException {
    waitFor(() -> stepper.answer().size() == count);
    String position = count + (count == 1 ? " token" : " tokens");
    waitFor(() -> Page.all(widget, Label.class).get(0).value().startsWith(position));
  }

  @Test
  void slidersRedrawWhatTheyMakeOfTheNextToken() throws InterruptedException {
    try (SamplingSliders sliders = SamplingSliders.of(model, prompt)) {
      Widget widget = sliders.widget();
      widget.view();
      Output chart = Page.all(widget, Output.class).get(0);
      String before = chart.toString();
      PAGE.update(Page.named(widget, FloatSlider.class, "Temperature"), "value", 2);
      waitFor(() -> !chart.toString().equals(before));
      PAGE.update(Page.named(widget, FloatSlider.class, "Temperature"), "value", 1);
      waitFor(() -> chart.toString().equals(before));
      PAGE.update(Page.named(widget, IntSlider.class, "Top-k"), "value", 1);
      waitFor(() -> !chart.toString().equals(before));
      PAGE.click(button(widget, "Sample a token"));
      int only = model.generate(prompt, GREEDY.repetitionPenalty(1).maxNewTokens(1)).ids().get(0);
      waitFor(
          () ->
              Page.all(widget, Label.class)
                  .get(0)
                  .value()
                  .equals(model.tokenizer().visibleToken(only)));
    }
  }

  /**
   * A move changes the logits that the model gave, by which neither its cache nor a shape grows.
   */
  @Test
  void slidersDoNotAskTheModelAgain() throws InterruptedException {
    CausalLM closed =
        CausalLM.load(
            DemoModel.DIRECTORY, Device.of("CPU"), Map.of("EXECUTION_MODE_HINT", "ACCURACY"));
    try (SamplingSliders sliders = SamplingSliders.of(closed, prompt)) {
      closed.close();
      Widget widget = sliders.widget();
      widget.view();
      PAGE.update(Page.named(widget, FloatSlider.class, "Temperature"), "value", 1.6);
      PAGE.update(Page.named(widget, IntSlider.class, "Top-k"), "value", 8);
      PAGE.update(Page.named(widget, FloatSlider.class, "Top-p"), "value", 0.9);
      PAGE.update(Page.named(widget, FloatSlider.class, "Min-p"), "value", 0.05);
      GenerationConfig values =
          GenerationConfig.defaults()
              .repetitionPenalty(1)
              .maxNewTokens(1)
              .doSample(true)
              .temperature(1.6)
              .topK(8)
              .topP(0.9)
              .minP(0.05);
      List<Candidate> expected =
          model.explain(prompt, values, 10).steps().get(0).candidates().subList(0, 10);
      Output chart = Page.all(widget, Output.class).get(0);
      waitFor(() -> chart.toString().equals(drawn(expected)));
      assertThat(expected).filteredOn(Candidate::isRuledOut).isNotEmpty();
      PAGE.click(button(widget, "Sample a token"));
      Label sampled = Page.all(widget, Label.class).get(0);
      waitFor(() -> !sampled.value().isEmpty());
      assertThat(expected)
          .filteredOn(candidate -> !candidate.isRuledOut())
          .extracting(Candidate::text)
          .contains(sampled.value());
    }
  }

  private static String drawn(List<Candidate> candidates) {
    List<SamplingSliders.Bar> bars = new ArrayList<>();
    for (Candidate each : candidates) {
      bars.add(new SamplingSliders.Bar(each.text(), each.probability(), "the model's own"));
      bars.add(
          new SamplingSliders.Bar(each.text(), each.processedProbability(), "by these values"));
    }
    return Chart.bar(Tables.of("Next token", bars), "token", "probability")
        .series("values")
        .title("The next token")
        .toString();
  }
}
