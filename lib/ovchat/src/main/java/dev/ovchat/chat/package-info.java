/**
 * Conversations: messages, the model's chat template that makes a prompt of them, and a chat that
 * remembers what was said and what to do when it no longer fits the context. Tools that a model may
 * call are given to the chat, which runs their calls; variables such as {@code enable_thinking} to
 * the template. What a model thinks is apart from what it answers.
 *
 * <pre>{@code
 * ChatTemplate template = ChatTemplate.load(modelDir).variable("enable_thinking", false);
 * try (Chat chat = Chat.of(model, template, GenerationConfig.defaults())) {
 *   chat.ask("Who are you?").text();
 * }
 * }</pre>
 */
package dev.ovchat.chat;
