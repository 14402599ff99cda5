package dev.ovchat.langchain4j;

import dev.ovchat.chat.ChatMessage;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.tool.Tools;
import java.util.List;

/**
 * A request in ovchat's terms.
 *
 * @param tools the tools that it offers, whose calls LangChain4j runs
 * @param config the values that the request, its defaults and the builder set, and the response
 *     format
 */
record PreparedRequest(List<ChatMessage> messages, Tools tools, GenerationConfig config) {}
