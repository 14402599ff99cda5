package dev.ovchat.langchain4j;

import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onCompleteResponse;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onCompleteToolCall;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onPartialResponse;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onPartialThinking;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.withLoggingExceptions;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.ovchat.chat.ChatCompletion;
import dev.ovchat.chat.ChatListener;
import dev.ovchat.generate.Cancellation;
import dev.ovchat.tool.ToolCall;

/** One answer on its way to a handler, which may cancel it. */
final class StreamedAnswer implements StreamingHandle, ChatListener {
  private final StreamingChatResponseHandler handler;
  private final Cancellation cancellation = new Cancellation();
  private volatile boolean cancelled;
  private int calls;

  StreamedAnswer(StreamingChatResponseHandler handler) {
    this.handler = handler;
  }

  /** Generates the answer on this thread, which calls the handler. */
  void run(ChatEngine engine, PreparedRequest request) {
    ChatResponse response;
    try {
      ChatCompletion completion = engine.complete(request, this, this::handOn, cancellation);
      if (cancelled) {
        return;
      }
      ChatEngine.requireWhole(completion, cancellation);
      response = engine.response(completion);
    } catch (RuntimeException | Error e) {
      fail(e);
      return;
    }
    onCompleteResponse(handler, response);
  }

  /** Tells the handler that there is no answer. */
  void fail(Throwable e) {
    withLoggingExceptions(() -> handler.onError(e));
  }

  private void handOn(String piece) {
    if (!cancelled) {
      onPartialResponse(handler, piece, this);
    }
  }

  @Override
  public void thinking(String piece) {
    if (!cancelled) {
      onPartialThinking(handler, piece, this);
    }
  }

  @Override
  public void toolCall(ToolCall call) {
    if (!cancelled) {
      onCompleteToolCall(handler, new CompleteToolCall(calls++, Messages.request(call)));
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
    cancellation.cancel();
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }
}
