package dev.ovchat.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.ovchat.DemoModel;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.openvino.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The streaming model hands on what the other one answers, and stops where it is told to. */
class OvchatStreamingChatModelTest {
  private static final String QUESTION = "can you introduce yourself?";

  private static CausalLM loaded;
  private static ChatTemplate template;
  private static String answer;
  private OvchatStreamingChatModel model;

  /** What a handler has heard; its end as a future. */
  private static class Heard implements StreamingChatResponseHandler {
    final List<String> pieces = new ArrayList<>();
    final List<Throwable> errors = new ArrayList<>();
    final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    final CompletableFuture<ChatResponse> end = new CompletableFuture<>();

    @Override
    public void onPartialResponse(String piece) {
      threads.add(Thread.currentThread());
      pieces.add(piece);
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      threads.add(Thread.currentThread());
      end.complete(response);
    }

    @Override
    public void onError(Throwable error) {
      threads.add(Thread.currentThread());
      errors.add(error);
    }

    ChatResponse response() throws Exception {
      return end.get(1, TimeUnit.MINUTES);
    }
  }

  /** Ends its future with the error. */
  private static class Failing extends Heard {
    @Override
    public void onError(Throwable error) {
      super.onError(error);
      end.completeExceptionally(error);
    }
  }

  @BeforeAll
  static void load() {
    loaded = CausalLM.load(DemoModel.DIRECTORY, Device.of("CPU"), DemoModel.ACCURATE);
    template = ChatTemplate.load(DemoModel.DIRECTORY);
    try (OvchatChatModel model = OvchatChatModel.builder().model(loaded, template).build()) {
      answer = model.chat(QUESTION);
    }
  }

  @AfterAll
  static void close() {
    loaded.close();
  }

  @BeforeEach
  void start() {
    model = OvchatStreamingChatModel.builder().model(loaded, template).build();
  }

  @AfterEach
  void end() {
    model.close();
  }

  private Heard ask(Heard handler) {
    model.chat(QUESTION, handler);
    return handler;
  }

  @Test
  void thePiecesAreTheAnswerAndComeFromOneOtherThread() throws Exception {
    Heard heard = ask(new Heard());

    assertThat(heard.response().aiMessage().text()).isEqualTo(answer);
    assertThat(heard.pieces).hasSizeGreaterThan(5);
    assertThat(String.join("", heard.pieces)).isEqualTo(answer);
    assertThat(heard.threads).hasSize(1).doesNotContain(Thread.currentThread());
    assertThat(heard.errors).isEmpty();
  }

  @Test
  void whoeverCancelsHearsNoMore() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    Heard heard =
        ask(
            new Heard() {
              @Override
              public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
                super.onPartialResponse(piece.text());
                if (pieces.size() == 3) {
                  context.streamingHandle().cancel();
                  assertThat(context.streamingHandle().isCancelled()).isTrue();
                  cancelled.countDown();
                }
              }
            });
    assertThat(cancelled.await(1, TimeUnit.MINUTES)).isTrue();
    // The next request waits for the first one's end.
    assertThat(ask(new Heard()).response().aiMessage().text()).isEqualTo(answer);
    assertThat(heard.pieces).hasSize(3);
    assertThat(heard.end).isNotDone();
    assertThat(heard.errors).isEmpty();
  }

  @Test
  void whatTheHandlerThrowsGoesToItsErrorsAndTheAnswerGoesOn() throws Exception {
    Heard heard =
        ask(
            new Heard() {
              @Override
              public void onPartialResponse(String piece) {
                super.onPartialResponse(piece);
                throw new IllegalArgumentException(piece);
              }
            });
    assertThat(heard.response().aiMessage().text()).isEqualTo(answer);
    assertThat(heard.errors.stream().map(Throwable::getMessage)).isEqualTo(heard.pieces);
  }

  @Test
  void aWrongRequestGoesToTheHandlerAndAnUnsupportedOneIsThrown() {
    Heard heard = new Failing();
    model.chat("word ".repeat(5000), heard);
    assertThatThrownBy(heard::response)
        .isInstanceOf(ExecutionException.class)
        .hasCauseExactlyInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("context of 4096");

    Heard second = new Failing();
    ChatRequest.Builder request = ChatRequest.builder().messages(UserMessage.from(QUESTION));
    model.chat(request.topP(3.0).build(), second);
    assertThatThrownBy(second::response)
        .hasCauseExactlyInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("topP");
    assertThat(second.threads).doesNotContain(Thread.currentThread());

    ChatRequest other =
        ChatRequest.builder().messages(UserMessage.from(QUESTION)).modelName("gpt").build();
    assertThatThrownBy(() -> model.chat(other, new Heard()))
        .isExactlyInstanceOf(UnsupportedFeatureException.class);
  }

  @Test
  void closingEndsTheAnswerWithAnError() {
    Heard heard =
        ask(
            new Failing() {
              @Override
              public void onPartialResponse(String piece) {
                super.onPartialResponse(piece);
                model.close();
              }
            });
    assertThatThrownBy(heard::response)
        .hasCauseExactlyInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThat(heard.pieces).hasSize(1);
  }

  @Test
  void callsAndThinkingAreHandedOn() throws Exception {
    List<CompleteToolCall> calls = new ArrayList<>();
    StringBuilder thoughts = new StringBuilder();
    Heard called =
        new Heard() {
          @Override
          public void onCompleteToolCall(CompleteToolCall call) {
            calls.add(call);
          }
        };
    model.chat(
        ChatRequest.builder()
            .messages(UserMessage.from(QUESTION))
            .toolSpecifications(OvchatChatModelTest.WEATHER)
            .toolChoice(ToolChoice.REQUIRED)
            .build(),
        called);
    List<ToolExecutionRequest> requests = called.response().aiMessage().toolExecutionRequests();
    assertThat(calls)
        .isNotEmpty()
        .extracting(CompleteToolCall::toolExecutionRequest)
        .isEqualTo(requests);
    assertThat(calls.get(0).index()).isZero();
    assertThat(called.pieces).isEmpty();
    try (OvchatStreamingChatModel thinking =
        OvchatStreamingChatModel.builder()
            .model(loaded, OvchatChatModelTest.THINKING)
            .maxOutputTokens(10)
            .build()) {
      Heard heard =
          new Heard() {
            @Override
            public void onPartialThinking(PartialThinking piece) {
              thoughts.append(piece.text());
            }
          };
      thinking.chat(QUESTION, heard);
      assertThat(heard.response().aiMessage().thinking())
          .isNotBlank()
          .isEqualTo(thoughts.toString());
      assertThat(heard.pieces).isEmpty();
    }
  }

  @Test
  void theExecutorOfTheBuilderGenerates() throws Exception {
    List<String> names = new ArrayList<>();
    try (OvchatStreamingChatModel own =
        OvchatStreamingChatModel.builder()
            .model(loaded, template)
            .executor(task -> new Thread(task, "mine").start())
            .build()) {
      Heard heard = new Heard();
      own.chat(QUESTION, heard);
      heard.response();
      heard.threads.forEach(thread -> names.add(thread.getName()));
    }
    assertThat(names).containsExactly("mine");
  }
}
