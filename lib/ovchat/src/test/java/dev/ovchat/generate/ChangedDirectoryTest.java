package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.DemoModel;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.openvino.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loaded model has one tokenizer: what becomes of its directory later does not matter. */
class ChangedDirectoryTest extends AccurateModelTest {
  private static final GenerationConfig GREEDY = GenerationConfig.defaults().maxNewTokens(60);

  @Test
  void textsAreThoseOfTheTokenizerThatWasLoaded(@TempDir Path folder) throws IOException {
    GenerationConfig stopped = GREEDY.stopStrings(List.of("Java"));
    Explanation explained = model.explain(prompt, GREEDY, 3);
    Path directory = DemoModel.copyTo(folder.resolve("model"));
    try (CausalLM other = CausalLM.load(directory, new Device("CPU"), DemoModel.ACCURATE)) {
      Path file = directory.resolve("tokenizer.json");
      // Another spelling of all pieces with an a.
      Files.writeString(file, Files.readString(file).replace('a', 'ä'));
      assertThat(other.explain(prompt, GREEDY, 3).steps()).isEqualTo(explained.steps());
      Files.delete(file);
      assertThat(other.generate(prompt, stopped).completions())
          .isEqualTo(model.generate(prompt, stopped).completions());
      assertThat(other.score(prompt)).usingRecursiveComparison().isEqualTo(model.score(prompt));
    }
  }
}
