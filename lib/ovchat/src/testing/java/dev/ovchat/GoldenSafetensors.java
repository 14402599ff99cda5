package dev.ovchat;

import java.util.List;
import java.util.Map;

/** What HuggingFace's library wrote, takes and refuses; made by {@code golden_safetensors.py}. */
public final class GoldenSafetensors {
  /**
   * A tensor.
   *
   * @param bits the bytes of its elements, in hexadecimal
   */
  public record Tensor(String name, String type, List<Long> shape, String bits) {}

  /**
   * A file.
   *
   * @param header in hexadecimal
   * @param weightBytes how many bytes follow it
   * @param types of its tensors; null where the library refuses the file
   * @param reason why ours may judge otherwise; empty where it may not
   */
  public record HeaderCase(
      String header, int weightBytes, Map<String, String> types, String reason) {}

  private GoldenSafetensors() {}

  /** Those of the two checkpoints {@code single} and {@code sharded}. */
  public static List<Tensor> tensors() {
    return List.of(Golden.read("safetensors/tensors.json", Tensor[].class));
  }

  public static List<HeaderCase> headers() {
    return List.of(Golden.read("safetensors/headers.json", HeaderCase[].class));
  }
}
