package dev.ovchat.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFilesTest {
  @TempDir private Path folder;

  private Map<String, Long> copy(GgufBuilder file) throws IOException {
    Map<String, Long> sizes = new LinkedHashMap<>();
    try (GgufCheckpoint model = GgufCheckpoint.open(file.writeTo(folder.resolve("model.gguf")))) {
      GgufFiles.of(model).copy(folder, sizes::put);
    }
    return sizes;
  }

  @Test
  void reportsEachFileWithItsSize() throws IOException {
    Map<String, Long> sizes =
        copy(TinyGguf.llama().with("tokenizer.chat_template", "{{ messages }} ä"));
    assertThat(sizes.keySet())
        .containsExactly(
            "config.json",
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "chat_template.jinja");
    for (String name : sizes.keySet()) {
      assertThat(sizes.get(name)).isEqualTo(Files.size(folder.resolve(name)));
    }
  }

  /** Two exports of a file are equal, in two processes, too. */
  @Test
  void fieldsHaveAnOrder() throws IOException {
    copy(TinyGguf.llama().with("tokenizer.ggml.add_bos_token", true));
    JsonNode tokenizer = new ObjectMapper().readTree(folder.resolve("tokenizer.json").toFile());
    assertThat(tokenizer.at("/added_tokens/0").fieldNames())
        .toIterable()
        .containsExactly(
            "id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
    JsonNode bos = tokenizer.at("/post_processor");
    assertThat(bos.at("/single/0/SpecialToken").fieldNames())
        .toIterable()
        .containsExactly("id", "type_id");
    assertThat(bos.at("/special_tokens").elements().next().fieldNames())
        .toIterable()
        .containsExactly("id", "ids", "tokens");
  }
}
