/**
 * Conversations: messages, the model's chat template that makes a prompt of them, and a chat that
 * remembers what was said and what to do when it no longer fits the context.
 *
 * <pre>{@code
 * ChatTemplate template = ChatTemplate.load(modelDir);
 * try (Chat chat = Chat.of(model, template, GenerationConfig.defaults())) {
 *   chat.ask("Who are you?").text();
 * }
 * }</pre>
 */
package dev.ovchat.chat;
