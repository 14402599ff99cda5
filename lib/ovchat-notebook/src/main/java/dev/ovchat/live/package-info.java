/**
 * Generation to be watched and steered by hand: a chat box, an answer that is walked token by
 * token, the sampling values as sliders. And experiments: model and device chosen from what is
 * there, a grid of configs as a form, a sweep with buttons. Each has a widget, which is shown where
 * it is a cell's value.
 *
 * <pre>{@code
 * var box = ChatBox.of(model, ChatTemplate.load(modelDir));
 * box.widget()
 * }</pre>
 */
package dev.ovchat.live;
