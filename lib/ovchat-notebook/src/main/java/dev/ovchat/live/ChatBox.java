package dev.ovchat.live;

import dev.ovchat.chat.Chat;
import dev.ovchat.chat.ChatMessage;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.chat.Reply;
import dev.ovchat.generate.Cancellation;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.generate.FinishReason;
import dev.ovchat.text.DecodeOptions;
import dev.ovchat.widget.Button;
import dev.ovchat.widget.Checkbox;
import dev.ovchat.widget.Dropdown;
import dev.ovchat.widget.HBox;
import dev.ovchat.widget.HTML;
import dev.ovchat.widget.Text;
import dev.ovchat.widget.VBox;
import dev.ovchat.widget.Widget;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A chat with fields and buttons: a question is typed and answered, the answer grows while it is
 * written and can be stopped. Below it are the values that matter most, and, when asked for, the
 * prompt as the model reads it.
 */
public final class ChatBox implements AutoCloseable {
  private final ChatSettings settings = new ChatSettings();
  private final Transcript transcript = new Transcript();
  private final Text question = new Text("").description("Question");
  private final Button ask = new Button("Ask").primary(true);
  private final Button stop = new Button("Stop").disabled(true);
  private final Button anew = new Button("Ask anew").tooltip("Answers the last question again.");
  private final Dropdown<Integer> turn = Dropdown.of(List.of(0), 0).description("Turn");
  private final Button edit =
      new Button("Edit")
          .tooltip("Asks this turn's question in the words of the field; what came after it goes.");
  private final Button clear = new Button("Clear").tooltip("Begins a new chat.");
  private final HTML facts = Transcript.lines("");
  private final Checkbox showPrompt =
      new Checkbox(false).description("Show the prompt as the model reads it");
  private final HTML prompt = Transcript.lines("");
  private final Widget widget;
  private final CausalLM model;
  private final ChatTemplate template;
  private final AtomicReference<Cancellation> running = new AtomicReference<>();
  private volatile Chat chat;
  private volatile boolean isClosed;

  private ChatBox(CausalLM model, ChatTemplate template) {
    this.model = model;
    this.template = template;
    this.chat = settings.newChat(model, template, List.of());
    question.placeholder("Type a question, and press Enter.").layout().width("70%");
    prompt.layout().maxHeight("20em").visible(false);
    listen();
    widget =
        VBox.of(
            transcript.widget(),
            HBox.of(question, ask, stop),
            HBox.of(anew, turn, edit, clear),
            facts,
            settings.widget(),
            showPrompt,
            prompt);
  }

  /**
   * Makes an empty chat.
   *
   * @param model the model, which stays the caller's to close
   */
  public static ChatBox of(CausalLM model, ChatTemplate template) {
    return new ChatBox(model, template);
  }

  private void listen() {
    question.onSubmit(text -> askTyped(text));
    ask.onClick(() -> askTyped(typed()));
    stop.onClick(this::stop);
    anew.onClick(
        () ->
            answer(
                shown -> Transcript.upToTurn(shown, chat.turns() - 1),
                (sink, cancellation) -> chat.regenerate(sink, cancellation)));
    edit.onClick(this::edit);
    clear.onClick(this::clear);
    showPrompt.onChange(shown -> prompt.layout().visible(shown));
  }

  /** The chat box, to be shown. */
  public Widget widget() {
    return widget;
  }

  /**
   * Asks questions as if they had been typed, one after the other, and waits for the answers. In a
   * cell, the kernel's stop button ends the answer that is being written, and not the one of the
   * chat box: the kernel reads what a page sends after the cell. What comes after a stopped answer
   * is not asked; a loop of one's own would ask on.
   *
   * @throws IllegalStateException if an answer is being written, or this is closed
   * @throws dev.ovchat.config.GenerationException as {@link Chat#ask(String)}
   */
  public ChatBox ask(String... questions) {
    for (String text : questions) {
      if (answerTo(text).finishReason() == FinishReason.CANCELLED) {
        break;
      }
    }
    return this;
  }

  private void askTyped(String text) {
    if (!text.isBlank()) {
      answerTo(text);
    }
  }

  private Reply answerTo(String text) {
    return answer(
        shown -> Transcript.plus(shown, ChatMessage.user(text)),
        (sink, cancellation) -> forgotten(text, chat.ask(text, sink, cancellation)));
  }

  private void edit() {
    String text = typed();
    int index = turn.value();
    answer(
        shown -> Transcript.plus(Transcript.beforeTurn(shown, index), ChatMessage.user(text)),
        (sink, cancellation) -> forgotten(text, chat.edit(index, text, sink, cancellation)));
  }

  private String typed() {
    String text = question.settled();
    if (text.isBlank()) {
      throw new IllegalStateException("There is no question yet. Type one into the field.");
    }
    return text;
  }

  /** Empties the field if the question was answered and nothing else has been typed since. */
  private Reply forgotten(String text, Reply reply) {
    synchronized (question) { // no value comes from the page meanwhile
      if (!reply.text().isEmpty() && question.value().equals(text)) {
        question.value("");
      }
    }
    return reply;
  }

  private void stop() {
    Cancellation cancellation = running.get();
    if (cancellation != null) {
      cancellation.cancel();
    }
  }

  private void clear() {
    begin();
    try {
      chat.close();
      chat = settings.newChat(model, template, List.of());
      turn.options(List.of(0), 0);
      Transcript.set(facts, "");
      Transcript.set(prompt, "");
    } finally {
      end();
    }
  }

  /** A way to get an answer. */
  private interface Source {
    Reply answer(Transcript sink, Cancellation cancellation);
  }

  /**
   * Shows an answer while it is written.
   *
   * @param shown what stands above the answer, made of the messages before
   */
  private Reply answer(UnaryOperator<List<ChatMessage>> shown, Source source) {
    Cancellation cancellation = begin();
    try {
      chat = settings.apply(chat, model, template);
      transcript.begin(shown.apply(chat.messages()));
      Reply reply = source.answer(transcript, cancellation);
      show(reply);
      return reply;
    } finally {
      end();
    }
  }

  /**
   * Begins work on the chat, of which there is one at a time. A press on a button that can be
   * pressed again waits until the work before it has ended.
   */
  private synchronized Cancellation begin() {
    if (isClosed) {
      throw new IllegalStateException("This chat box is closed. Make a new one.");
    }
    Cancellation cancellation = new Cancellation();
    if (!running.compareAndSet(null, cancellation)) {
      throw new IllegalStateException("An answer is being written. Wait for it, or press Stop.");
    }
    setBusy(true);
    return cancellation;
  }

  private synchronized void end() {
    transcript.show(chat.messages());
    setBusy(false);
    running.set(null);
  }

  private void setBusy(boolean busy) {
    stop.disabled(!busy);
    List.of(ask, anew, edit, clear).forEach(button -> button.disabled(busy));
  }

  private void show(Reply reply) {
    Transcript.set(
        facts, "%s, ended by %s".formatted(reply.generation().metrics(), reply.finishReason()));
    Transcript.set(
        prompt, model.tokenizer().decode(reply.generation().prompt(), DecodeOptions.defaults()));
    List<Integer> turns = IntStream.range(0, Math.max(1, chat.turns())).boxed().toList();
    turn.options(turns, turns.size() - 1);
  }

  /**
   * Ends the answer that is being written, frees the chat's cache, and takes the widget out of the
   * page.
   */
  @Override
  public void close() {
    isClosed = true;
    stop();
    chat.close();
    widget.close();
  }
}
