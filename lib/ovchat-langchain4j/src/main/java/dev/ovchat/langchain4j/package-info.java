/**
 * Chat models of LangChain4j that run on OpenVINO in the same process: {@link
 * dev.ovchat.langchain4j.OvchatChatModel}, {@link dev.ovchat.langchain4j.OvchatStreamingChatModel},
 * and {@link dev.ovchat.langchain4j.OvchatTokenCountEstimator}.
 *
 * <pre>{@code
 * try (OvchatChatModel model = OvchatChatModel.builder().modelDirectory(modelDir).build()) {
 *   model.chat("Who are you?");
 * }
 * }</pre>
 */
package dev.ovchat.langchain4j;
