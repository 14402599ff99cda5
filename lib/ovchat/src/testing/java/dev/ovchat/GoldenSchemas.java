package dev.ovchat;

import java.util.List;

/** The schemas of JSON Schema's own test suite; taken from it by {@code golden_schemas.py}. */
public final class GoldenSchemas {
  /**
   * A schema.
   *
   * @param draft the version of JSON Schema, as the suite names its folder
   * @param file the name of the file that it is from
   * @param schema its text
   */
  public record Case(String draft, String file, String schema) {}

  private GoldenSchemas() {}

  public static List<Case> cases() {
    return List.of(Golden.read("schemas.json.gz", Case[].class));
  }
}
