package dev.ovchat.langchain4j;

import dev.ovchat.chat.ChatMessage;
import dev.ovchat.config.GenerationConfig;
import java.util.List;
import java.util.Map;

/**
 * A request in ovchat's terms.
 *
 * @param tools a JSON schema for each tool, as chat templates read them
 * @param config the values that the request, its defaults and the builder set
 */
record PreparedRequest(
    List<ChatMessage> messages, List<Map<String, Object>> tools, GenerationConfig config) {}
