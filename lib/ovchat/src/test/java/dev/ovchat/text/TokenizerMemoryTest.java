package dev.ovchat.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ovchat.ChildJvm;
import dev.ovchat.Slow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A large vocabulary in a small heap: a sentence, whichever part of the work lacks the memory. */
@Slow
class TokenizerMemoryTest {
  @TempDir Path folder;

  @BeforeEach
  void writeTokenizer() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode();
    ObjectNode model = json.putObject("model").put("type", "WordLevel").put("unk_token", "<unk>");
    ObjectNode vocabulary = model.putObject("vocab").put("<unk>", 0);
    for (int id = 1; id <= 90_000; id++) {
      vocabulary.put("piece" + id, id);
    }
    mapper.writeValue(folder.resolve("tokenizer.json").toFile(), json);
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"model_type": "llama", "vocab_size": 90001, "hidden_size": 16, "intermediate_size": 24,
         "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1,
         "max_position_embeddings": 64}
        """);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 10, 12})
  void tooLittleIsSaid(int megabytes) {
    assertThat(output(megabytes))
        .singleElement()
        .asString()
        .matches(
            "(UnusableFile|Tokenizer)Exception: Java has no memory left for .*tokenizer\\.json.*;"
                + " give it more, for instance by JDK_JAVA_OPTIONS=-Xmx1g\\.");
  }

  @Test
  void whatASentenceAdvisesIsMoreThanEnough() {
    assertThat(output(64)).containsExactly("loaded: 59999");
  }

  private List<String> output(int megabytes) {
    return new ChildJvm(Map.of("JDK_JAVA_OPTIONS", "-Xmx" + megabytes + "m"))
        .run(TokenizerLoad.class, folder, List.of(folder.toString()))
        .output();
  }
}
