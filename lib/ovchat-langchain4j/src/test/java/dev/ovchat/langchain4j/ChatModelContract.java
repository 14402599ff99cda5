package dev.ovchat.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelIT;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import java.nio.file.Path;
import java.util.List;

/** LangChain4j's own tests of chat models; what is not supported has to be refused. */
abstract class ChatModelContract extends AbstractChatModelIT {
  abstract TestModels testModels();

  @Override
  protected List<ChatModel> models() {
    return List.of(testModels().chat().build());
  }

  @Override
  protected ChatModel createModelWith(ChatRequestParameters parameters) {
    return testModels().chat().defaultRequestParameters(parameters).build();
  }

  @Override
  protected ChatRequestParameters createIntegrationSpecificParameters(int maxOutputTokens) {
    return ChatRequestParameters.builder().maxOutputTokens(maxOutputTokens).build();
  }

  @Override
  protected Class<? extends ChatResponseMetadata> chatResponseMetadataType(ChatModel model) {
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

  @Override
  protected boolean supportsSingleImageInputAsBase64EncodedString() {
    return false;
  }

  @Override
  protected boolean supportsSingleImageInputAsPublicURL() {
    return false;
  }
}
