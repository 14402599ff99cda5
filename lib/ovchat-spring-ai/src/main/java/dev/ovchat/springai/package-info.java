/**
 * A chat model of Spring AI that runs on OpenVINO in the same process, {@link
 * dev.ovchat.springai.OvchatChatModel}, its {@link dev.ovchat.springai.OvchatChatOptions}, and an
 * auto-configuration, which makes one of {@code ovchat.model-dir}.
 *
 * <pre>{@code
 * String answer = ChatClient.create(OvchatChatModel.of(model, template)).prompt("Who are you?").call().content();
 * }</pre>
 */
package dev.ovchat.springai;
