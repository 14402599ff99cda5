package dev.ovchat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.files.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands beside the weights comes along, and no code. */
class CheckpointFilesTest {
  @TempDir Path folder;
  private Path checkpoint;
  private Path directory;

  @BeforeEach
  void makeFolders() throws IOException {
    checkpoint = Files.createDirectory(folder.resolve("checkpoint"));
    directory = Files.createDirectory(folder.resolve("model"));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(checkpoint.resolve(name), text);
  }

  private JsonFile copied(String name) {
    return JsonFile.read(directory.resolve(name));
  }

  /** As the config of the documented model names them. */
  @Test
  void pythonFilesAreNeitherCopiedNorNamed() throws IOException {
    String named =
        "{\"auto_map\": {\"AutoConfig\": \"configuration_phi3.Phi3Config\"}, \"rope_theta\":"
            + " 1e-05}";
    write("config.json", named);
    write("tokenizer_config.json", named);
    write("configuration_phi3.py", "import os");
    CheckpointFiles.of(checkpoint).copy(directory, (name, size) -> {});
    for (String name : List.of("config.json", "tokenizer_config.json")) {
      assertThat(copied(name).value("auto_map")).isEmpty();
      assertThat(copied(name).number("rope_theta")).hasValue(1e-05);
    }
    assertThat(directory.resolve("configuration_phi3.py")).doesNotExist();
  }

  @Test
  void aChatTemplateGetsAFileOfItsOwn() throws IOException {
    write("config.json", "{}");
    write("tokenizer_config.json", "{\"chat_template\": \"{{ é }}\", \"eos_token\": \"e\"}");
    CheckpointFiles.of(checkpoint).copy(directory, (name, size) -> {});
    assertThat(directory.resolve("chat_template.jinja")).hasContent("{{ é }}");
    assertThat(copied("tokenizer_config.json").value("chat_template")).isEmpty();
    assertThat(copied("tokenizer_config.json").text("eos_token", "")).isEqualTo("e");
  }

  @Test
  void aChatTemplateInAFileIsTheOneThatCounts() throws IOException {
    write("config.json", "{}");
    write("tokenizer_config.json", "{\"chat_template\": \"old\"}");
    write("chat_template.jinja", "new");
    CheckpointFiles.of(checkpoint).copy(directory, (name, size) -> {});
    assertThat(directory.resolve("chat_template.jinja")).hasContent("new");
  }

  /** As AutoProcessor reads it, where the tokenizer has none. */
  @Test
  void aProcessorsChatTemplateServesTheTokenizer() throws IOException {
    write("config.json", "{}");
    write("tokenizer_config.json", "{}");
    write("chat_template.json", "{\"chat_template\": \"{{ é }}\"}");
    CheckpointFiles.of(checkpoint).copy(directory, (name, size) -> {});
    assertThat(directory.resolve("chat_template.jinja")).hasContent("{{ é }}");
    assertThat(directory.resolve("chat_template.json")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"chat_template\": null}", "{\"chat_template\": []}"})
  void aProcessorsFileMayLackATemplate(String processor) throws IOException {
    write("config.json", "{}");
    write("chat_template.json", processor);
    CheckpointFiles.of(checkpoint).copy(directory, (name, size) -> {});
    assertThat(directory.resolve("chat_template.jinja")).doesNotExist();
  }

  @Test
  void furtherTemplatesOfTheTokenizerComeBeforeAProcessors() throws IOException {
    write("config.json", "{}");
    Files.createDirectory(checkpoint.resolve("additional_chat_templates"));
    write("additional_chat_templates/rag.jinja", "documents");
    write("chat_template.json", "{\"chat_template\": \"of the processor\"}");
    CheckpointFiles.of(checkpoint).copy(directory, (name, size) -> {});
    assertThat(directory.resolve("chat_template.jinja")).doesNotExist();
  }

  @Test
  void theTokenizersChatTemplateComesBeforeAProcessors() throws IOException {
    write("config.json", "{}");
    write("tokenizer_config.json", "{\"chat_template\": \"of the tokenizer\"}");
    write("chat_template.json", "{\"chat_template\": \"of the processor\"}");
    CheckpointFiles.of(checkpoint).copy(directory, (name, size) -> {});
    assertThat(directory.resolve("chat_template.jinja")).hasContent("of the tokenizer");
  }

  @Test
  void furtherChatTemplatesComeAlong() throws IOException {
    write("config.json", "{}");
    write("chat_template.jinja", "plain");
    Files.createDirectory(checkpoint.resolve("additional_chat_templates"));
    write("additional_chat_templates/tool_use.jinja", "tools");
    write("additional_chat_templates/notes.txt", "notes");
    CheckpointFiles.of(checkpoint).copy(directory, (name, size) -> {});
    assertThat(directory.resolve("chat_template.jinja")).hasContent("plain");
    assertThat(directory.resolve("additional_chat_templates"))
        .isDirectoryContaining("glob:**tool_use.jinja")
        .isDirectoryNotContaining("glob:**notes.txt");
    assertThat(directory.resolve("additional_chat_templates/tool_use.jinja")).hasContent("tools");
  }

  @Test
  void anOlderConfigSaysWhichTokensEndAnAnswer() throws IOException {
    write("config.json", "{\"eos_token_id\": [3, 4], \"bos_token_id\": 1, \"vocab_size\": 9}");
    CheckpointFiles.of(checkpoint).copy(directory, (name, size) -> {});
    assertThat(copied("generation_config.json").tokenIds("eos_token_id")).containsExactly(3, 4);
    assertThat(copied("generation_config.json").integer("bos_token_id")).hasValue(1);
    assertThat(copied("generation_config.json").value("vocab_size")).isEmpty();
  }

  @Test
  void aGenerationConfigStaysAsItIs() throws IOException {
    write("config.json", "{\"eos_token_id\": 3}");
    write("generation_config.json", "{\"eos_token_id\": 7}");
    CheckpointFiles.of(checkpoint).copy(directory, (name, size) -> {});
    assertThat(copied("generation_config.json").tokenIds("eos_token_id")).containsExactly(7);
  }
}
