package dev.ovchat.tokenizerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text that the native library gets says what the file says, and faults have their line. */
class TokenizerJsonTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void holdsTheSameInAnyLayout() throws IOException {
    ObjectNode json = tokenizer();
    JsonNode compact = read(json.toString());
    assertThat(read(json.toPrettyString())).isEqualTo(compact);
    assertThat(read(json.toPrettyString().replaceAll("\n +", "\r\n\t\t"))).isEqualTo(compact);
    assertThat(compact.at("/model/vocab")).isEqualTo(json.at("/model/vocab"));
    assertThat(compact.at("/model/merges/1")).hasToString("\"▁🙂1 \\n\\\"1\"");
    assertThat(compact.at("/decoder")).isEqualTo(json.at("/decoder"));
  }

  @Test
  void keepsPairsOfWhichOneHasASpace() throws IOException {
    ObjectNode json = tokenizer();
    ((ArrayNode) json.at("/model/merges")).addArray().add("a b").add("c");
    assertThat(read(json.toPrettyString()).at("/model/merges")).isEqualTo(json.at("/model/merges"));
  }

  @Test
  void keepsPairsThatAreCheckedForAPrefix() throws IOException {
    ObjectNode json = tokenizer();
    ((ObjectNode) json.get("model")).put("continuing_subword_prefix", "\n");
    assertThat(read(json.toPrettyString()).at("/model/merges")).isEqualTo(json.at("/model/merges"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\\n    'model':\\n        {'vocab': {'a' 0}}}|is not valid JSON at line 3, column 24.",
        "{\\n    'model':\\n        {'vocab': {'a': 0,|is cut off at line 3, column 27.",
        "{'model': {'vocab': {'a\\n    b': 0}}}|is not valid JSON at line 1, column 24.",
        "{'model': {'merges': [['a\\n    ', 'b']]}}|is not valid JSON at line 1, column 26.",
        "{'model': {'vocab': {'a': 0}}}\\n    {}|is not valid JSON at line 2, column 6.",
        "{'model': {'merges': [\\n    ['a', -INF]]}}|is not valid JSON at line 2, column 15.",
      })
  void saysWhereAFaultIs(String text, String fault) {
    assertThatThrownBy(() -> read(text.replace("\\n", "\n").replace('\'', '"')))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageStartingWith(folder.resolve("tokenizer.json") + " " + fault);
  }

  /** One that is larger than what is read at once. */
  private static ObjectNode tokenizer() {
    ObjectNode json = MAPPER.createObjectNode();
    json.putObject("decoder").put("type", "Replace").put("content", "  a  ").put("x", "▁");
    ObjectNode model = json.putObject("model").put("type", "BPE");
    ObjectNode vocab = model.putObject("vocab");
    ArrayNode merges = model.putArray("merges");
    for (int i = 0; i < 5000; i++) {
      vocab.put("▁🙂" + i, 2 * i).put("\n\"" + i, 2 * i + 1);
      merges.addArray().add("▁🙂" + i).add("\n\"" + i);
    }
    return json;
  }

  private JsonNode read(String json) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), json);
    return MAPPER.readTree(TokenizerFile.read(folder).json());
  }
}
