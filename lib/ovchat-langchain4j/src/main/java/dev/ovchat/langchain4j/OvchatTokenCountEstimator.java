package dev.ovchat.langchain4j;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.TokenCountEstimator;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.files.JsonText;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Counts tokens with a model's own tokenizer and chat template, for instance for LangChain4j's
 * {@code TokenWindowChatMemory}.
 *
 * <pre>{@code
 * try (var estimator = OvchatTokenCountEstimator.load(modelDir)) {
 *   ChatMemory memory = TokenWindowChatMemory.withMaxTokens(2000, estimator);
 * }
 * }</pre>
 *
 * <p>A text is counted as it is. A message counts its text, its tool calls as JSON, and the marks
 * that the template puts around a message; messages together also what the template puts around
 * all: they are what a request with these messages has, where the template adds nothing else, such
 * as the date or the schemas of tools.
 */
public final class OvchatTokenCountEstimator implements TokenCountEstimator, AutoCloseable {
  private static final dev.ovchat.chat.ChatMessage QUESTION = dev.ovchat.chat.ChatMessage.user("a");

  private final Tokenizer tokenizer;
  private final Runnable whenClosed;
  private final int marksOfMessage;
  private final int marksOfAll;

  private OvchatTokenCountEstimator(
      Tokenizer tokenizer, ChatTemplate template, Runnable whenClosed) {
    this.tokenizer = tokenizer;
    this.whenClosed = whenClosed;
    int text = count("a");
    int one = count(template.render(List.of(QUESTION)));
    int three =
        count(
            template.render(
                List.of(QUESTION, dev.ovchat.chat.ChatMessage.assistant("a"), QUESTION)));
    // Rounded up: marks of questions and answers may differ.
    marksOfMessage = Math.max(0, (three - one + 1) / 2 - text);
    marksOfAll = Math.max(0, one - text - marksOfMessage);
  }

  /**
   * An estimator with the tokenizer and the template of a model directory, for which no model is
   * loaded.
   *
   * @throws RuntimeException as {@code Tokenizer.load} and {@code ChatTemplate.load}
   */
  public static OvchatTokenCountEstimator load(Path modelDirectory) {
    ChatTemplate template = ChatTemplate.load(modelDirectory);
    Tokenizer tokenizer = Tokenizer.load(modelDirectory);
    return new OvchatTokenCountEstimator(tokenizer, template, tokenizer::close);
  }

  /** An estimator with the tokenizer of a model, which stays the caller's to close. */
  public static OvchatTokenCountEstimator of(Tokenizer tokenizer, ChatTemplate template) {
    return new OvchatTokenCountEstimator(tokenizer, template, () -> {});
  }

  @Override
  public int estimateTokenCountInText(String text) {
    return count(text);
  }

  @Override
  public int estimateTokenCountInMessage(ChatMessage message) {
    return marksOfMessage + count(text(Messages.of(message)));
  }

  @Override
  public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
    int count = marksOfAll;
    for (ChatMessage message : messages) {
      count += estimateTokenCountInMessage(message);
    }
    return count;
  }

  private int count(String text) {
    return tokenizer.encode(text, EncodeOptions.AS_IT_IS).size();
  }

  private static String text(dev.ovchat.chat.ChatMessage message) {
    String text = message.content() == null ? "" : message.content();
    Object calls = message.fields().get("tool_calls");
    return calls == null ? text : text + JsonText.of(Map.of("tool_calls", calls));
  }

  /** Frees the tokenizer if this has loaded it. */
  @Override
  public void close() {
    whenClosed.run();
  }
}
