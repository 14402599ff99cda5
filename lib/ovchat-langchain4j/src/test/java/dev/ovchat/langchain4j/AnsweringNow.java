package dev.ovchat.langchain4j;

import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.Set;

/**
 * A model that has to answer once there are results of tools: left to itself, one as small as
 * SmolLM2 calls the same tool again and again.
 */
class AnsweringNow implements ChatModel {
  private final OvchatChatModel model;

  AnsweringNow(OvchatChatModel model) {
    this.model = model;
  }

  /** The request, without tools where its last message is a result. */
  static ChatRequest answerNow(ChatRequest request) {
    int last = request.messages().size() - 1;
    if (!(request.messages().get(last) instanceof ToolExecutionResultMessage)) {
      return request;
    }
    var none = ChatRequestParameters.builder().toolChoice(ToolChoice.NONE).build();
    return ChatRequest.builder()
        .messages(request.messages())
        .parameters(request.parameters().overrideWith(none))
        .build();
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    return model.doChat(answerNow(request));
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return model.defaultRequestParameters();
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return model.supportedCapabilities();
  }
}
