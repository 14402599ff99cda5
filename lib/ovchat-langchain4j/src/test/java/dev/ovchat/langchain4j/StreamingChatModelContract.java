package dev.ovchat.langchain4j;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import java.nio.file.Path;
import java.util.List;

/** LangChain4j's own tests of streaming chat models; what is not supported has to be refused. */
abstract class StreamingChatModelContract extends AbstractStreamingChatModelIT {
  abstract TestModels testModels();

  @Override
  protected List<StreamingChatModel> models() {
    return List.of(testModels().streaming().build());
  }

  @Override
  protected StreamingChatModel createModelWith(ChatRequestParameters parameters) {
    return testModels().streaming().defaultRequestParameters(parameters).build();
  }

  @Override
  public StreamingChatModel createModelWith(ChatModelListener listener) {
    return testModels().streaming().listeners(listener).build();
  }

  @Override
  protected ChatRequestParameters createIntegrationSpecificParameters(int maxOutputTokens) {
    return ChatRequestParameters.builder().maxOutputTokens(maxOutputTokens).build();
  }

  @Override
  protected Class<? extends ChatResponseMetadata> chatResponseMetadataType(
      StreamingChatModel model) {
    return OvchatChatResponseMetadata.class;
  }

  /** In place of one on the net: what it shows does not matter, since it is refused. */
  @Override
  protected String catImageUrl() {
    return Path.of("pom.xml").toUri().toString();
  }

  @Override
  protected boolean supportsModelNameParameter() {
    return false;
  }

  /** A call is handed on once it is whole. */
  @Override
  protected boolean supportsPartialToolStreaming(StreamingChatModel model) {
    return false;
  }

  @Override
  protected boolean supportsSingleImageInputAsBase64EncodedString() {
    return false;
  }

  @Override
  protected boolean supportsSingleImageInputAsPublicURL() {
    return false;
  }
}
