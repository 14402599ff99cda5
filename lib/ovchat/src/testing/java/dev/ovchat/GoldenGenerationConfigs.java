package dev.ovchat;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** Generation configs as transformers takes them; made by {@code golden_generation_configs.py}. */
public final class GoldenGenerationConfigs {
  /**
   * A file.
   *
   * @param file its text
   * @param same the text of the plainest file that lets the model answer the same; null where
   *     transformers raises
   */
  public record Case(String file, @JsonProperty("as") String same) {

    /** Whether that file is this one without its last field. */
    public boolean leavesTheFieldOut() {
      return same.length() < file.length() && file.startsWith(same.substring(0, same.length() - 1));
    }
  }

  private GoldenGenerationConfigs() {}

  public static List<Case> cases() {
    return List.of(Golden.read("generation-configs.json", Case[].class));
  }
}
