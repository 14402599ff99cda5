package dev.ovchat.live;

import dev.ovchat.chart.Chart;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.display.Display;
import dev.ovchat.generate.Candidate;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.generate.GenerationSession;
import dev.ovchat.table.Tables;
import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import dev.ovchat.widget.Button;
import dev.ovchat.widget.Dropdown;
import dev.ovchat.widget.HBox;
import dev.ovchat.widget.HTML;
import dev.ovchat.widget.Label;
import dev.ovchat.widget.Output;
import dev.ovchat.widget.VBox;
import dev.ovchat.widget.Widget;
import java.util.List;
import java.util.Locale;

/**
 * An answer that is walked token by token: forward with the token that is chosen in the list, which
 * is the most probable one at first, and back. A step reads one token, in either direction: what
 * the model has read before it keeps.
 */
public final class TokenStepper implements AutoCloseable {
  private static final int CANDIDATES = 8;
  private static final GenerationConfig ONE_TOKEN =
      GenerationConfig.defaults().maxNewTokens(1).doSample(false).repetitionPenalty(1);

  private final Button back = new Button("Back");
  private final Button forward = new Button("Forward").primary(true);
  private final Dropdown<Choice> choice;
  private final HTML text = new HTML("", "");
  private final Label position = new Label("");
  private final Output chart = new Output();
  private final Widget widget;
  private final Tokenizer tokenizer;
  private final GenerationSession session;
  private final List<Integer> endTokens;
  private final TokenIds prompt;
  private TokenIds answer = TokenIds.of();

  private TokenStepper(CausalLM model, TokenIds prompt) {
    this.tokenizer = model.tokenizer();
    this.session = model.newSession();
    this.endTokens = model.eosTokenIds();
    this.prompt = prompt;
    List<Choice> choices = choices(answer);
    choice = Dropdown.of(choices, choices.get(0)).description("Next token");
    widget = VBox.of(text, HBox.of(back, forward, choice, position), chart);
    forward.onClick(this::forward);
    back.onClick(this::back);
    draw(choices);
  }

  /** A token that may come next, as the list shows it. */
  record Choice(int id, String token, double probability) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%s  %.1f %%", token, 100 * probability);
    }
  }

  /**
   * Begins before the first token of an answer.
   *
   * @param model the model, which stays the caller's to close
   */
  public static TokenStepper of(CausalLM model, TokenIds prompt) {
    return new TokenStepper(model, prompt);
  }

  /** The stepper, to be shown. */
  public Widget widget() {
    return widget;
  }

  /** The tokens so far. */
  public synchronized TokenIds answer() {
    return answer;
  }

  private List<Choice> choices(TokenIds answer) {
    return session.explain(prompt.plus(answer), ONE_TOKEN, CANDIDATES).steps().stream()
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("It was stopped before the step was taken."))
        .candidates()
        .stream()
        .map(TokenStepper::choice)
        .toList();
  }

  private static Choice choice(Candidate candidate) {
    return new Choice(candidate.id(), candidate.text(), candidate.probability());
  }

  private synchronized void forward() {
    go(answer.plus(TokenIds.of(choice.value().id())));
  }

  private synchronized void back() {
    if (!answer.isEmpty()) {
      go(answer.first(answer.size() - 1));
    }
  }

  private void go(TokenIds there) {
    List<Choice> choices = choices(there);
    answer = there;
    choice.options(choices, choices.get(0));
    draw(choices);
  }

  private void draw(List<Choice> choices) {
    Transcript.set(text, tokenizer.decode(answer, DecodeOptions.READABLE));
    boolean isOver = !answer.isEmpty() && endTokens.contains(answer.get(answer.size() - 1));
    position.value(
        answer.size()
            + (answer.size() == 1 ? " token" : " tokens")
            + (isOver ? ": the answer ends here" : ""));
    back.disabled(answer.isEmpty());
    forward.disabled(isOver);
    Display.show(
        chart,
        Chart.bar(Tables.of("Next token", choices), "token", "probability")
            .title("The next token"));
  }

  /** Frees the cache, and takes the widget out of the page. */
  @Override
  public void close() {
    session.close();
    widget.close();
  }
}
