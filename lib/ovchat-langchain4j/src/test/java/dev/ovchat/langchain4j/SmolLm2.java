package dev.ovchat.langchain4j;

import dev.ovchat.DemoModel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The real model of the tests: a GGUF file, which set-up downloads where it can. */
final class SmolLm2 {
  private static final Path FILE =
      Path.of("../../environment/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf");

  private SmolLm2() {}

  /** Tests whether it is there: {@code SMOLLM2=no ./scripts/setup} leaves it out. */
  static boolean isThere() {
    return Files.exists(FILE);
  }

  /** Its export, made anew by each JVM. */
  static Path directory() {
    return DemoModel.exported(FILE, "smollm2-");
  }
}
