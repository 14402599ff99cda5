package dev.ovchat.generate;

import dev.ovchat.DemoModel;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Generates over and over, in every way there is, and prints this process's resident memory in KiB
 * after each hundred generations.
 */
final class ThousandGenerations {
  private ThousandGenerations() {}

  public static void main(String[] arguments) throws IOException {
    try (var model = CausalLM.load(DemoModel.DIRECTORY, new Device("CPU"), DemoModel.CONFIG);
        var tokenizer = Tokenizer.load(DemoModel.DIRECTORY)) {
      TokenIds prompt = tokenizer.encode(DemoModel.PROMPT, EncodeOptions.defaults());
      var config = GenerationConfig.defaults().maxNewTokens(8);
      var stopping = config.stopStrings(List.of("model")).promptLookupNumTokens(4);
      for (int i = 0; i < 1000; i++) {
        switch (i % 5) {
          case 0 ->
              model.generate(
                  prompt, config, GenerationHooks.none().listener(TextStreamer.of(piece -> {})));
          case 1 -> model.generate(prompt, config.doSample(true).numReturnSequences(3));
          case 2 -> model.batchGenerate(List.of(prompt, prompt.plus(prompt)), config);
          case 3 -> {
            try (GenerationSession session = model.newSession()) {
              session.generate(prompt, stopping);
              session.generate(prompt, stopping);
            }
          }
          default -> {
            try (TextStream stream = model.stream(prompt, config)) {
              stream.next();
            }
          }
        }
        if ((i + 1) % 100 == 0) {
          System.gc(); // native memory of what is unreachable goes with it
          System.out.println(residentKiB());
        }
      }
    }
  }

  private static long residentKiB() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
