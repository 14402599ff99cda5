package dev.ovchat.live;

import dev.ovchat.chat.Chat;
import dev.ovchat.chat.ChatMessage;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.chat.WhenFull;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.widget.FloatSlider;
import dev.ovchat.widget.HBox;
import dev.ovchat.widget.IntSlider;
import dev.ovchat.widget.Text;
import dev.ovchat.widget.VBox;
import dev.ovchat.widget.Widget;
import java.util.List;

/** The values of a chat box that count from the next answer on. */
final class ChatSettings {
  private static final double LEAST_TEMPERATURE = 0.01;

  private final FloatSlider temperature =
      FloatSlider.of(0, 2, 0.1, 0)
          .description("Temperature")
          .tooltip("0 takes the most probable token each time.");
  private final FloatSlider topP = FloatSlider.of(0.05, 1, 0.05, 1).description("Top-p");
  private final IntSlider longest = IntSlider.of(1, 512, 1, 200).description("Longest answer");
  private final Text system =
      new Text("")
          .description("System message")
          .placeholder("none: the model's template may have its own");
  private String systemOfChat = "";

  Widget widget() {
    system.layout().width("70%");
    return VBox.of(HBox.of(temperature, topP, longest), system);
  }

  private GenerationConfig config() {
    GenerationConfig config = GenerationConfig.defaults().maxNewTokens(longest.value());
    return temperature.value() < LEAST_TEMPERATURE
        ? config.doSample(false)
        : config.doSample(true).temperature(temperature.value()).topP(topP.value());
  }

  /** A chat with these messages after the system message. */
  Chat newChat(CausalLM model, ChatTemplate template, List<ChatMessage> messages) {
    Chat chat = Chat.of(model, template, config());
    chat.setWhenFull(WhenFull.LEAVE_OUT_OLDEST_TURNS);
    systemOfChat = system.value();
    if (!systemOfChat.isBlank()) {
      chat.add(ChatMessage.system(systemOfChat));
    }
    messages.forEach(chat::add);
    return chat;
  }

  /**
   * The chat with the values of now; another one with its messages where the system message has
   * changed.
   */
  Chat apply(Chat chat, CausalLM model, ChatTemplate template) {
    if (system.value().equals(systemOfChat)) {
      chat.setConfig(config());
      return chat;
    }
    chat.close();
    return newChat(
        model,
        template,
        chat.messages().stream().filter(message -> !message.role().equals("system")).toList());
  }
}
