package dev.ovchat;

import java.util.List;

/** Documents, and what Python's {@code json.load} makes of them; by {@code golden_json.py}. */
public final class GoldenJson {
  /**
   * A document.
   *
   * @param document its bytes, in hexadecimal
   * @param value numbers by their bits and texts by their UTF-16; null where Python refuses it, or
   *     it is no object
   */
  public record Case(String document, String value) {}

  private GoldenJson() {}

  public static List<Case> cases() {
    return List.of(Golden.read("json.json.gz", Case[].class));
  }
}
