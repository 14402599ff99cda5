package dev.ovchat.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ovchat.GoldenJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configs say to ovchat what they say to Python, and what Python refuses is refused. */
class JsonGoldenTest {
  @TempDir Path folder;

  @Test
  void readsWhatPythonReads() throws IOException {
    Path file = folder.resolve("config.json");
    List<GoldenJson.Case> cases = GoldenJson.cases();
    SoftAssertions softly = new SoftAssertions();
    for (GoldenJson.Case one : cases) {
      byte[] document = HexFormat.of().parseHex(one.document());
      Files.write(file, document);
      softly.assertThat(read(file)).as(start(document)).isEqualTo(one.value());
    }
    softly.assertAll();
    assertThat(cases).filteredOn(one -> one.value() != null).hasSizeBetween(100, 300);
    assertThat(cases).hasSizeGreaterThan(500);
  }

  /** The other reader goes by the same rules: one token after the other. */
  @Test
  void readsTheSameTokenByToken() throws IOException {
    SoftAssertions softly = new SoftAssertions();
    for (GoldenJson.Case one : GoldenJson.cases()) {
      byte[] document = HexFormat.of().parseHex(one.document());
      softly.assertThat(isTaken(document)).as(start(document)).isEqualTo(one.value() != null);
    }
    softly.assertAll();
  }

  private static String read(Path file) {
    try {
      StringBuilder shown = new StringBuilder();
      show(JsonFile.read(file).root(), shown);
      return shown.toString();
    } catch (UnusableFileException e) {
      assertThat(e).hasMessageStartingWith(file.toString()).hasMessageEndingWith(".");
      return null;
    }
  }

  private static boolean isTaken(byte[] document) throws IOException {
    try {
      return StrictJson.read(
          Path.of("index"),
          new ByteArrayInputStream(document),
          JsonRules.PYTHON,
          json -> {
            json.object(() -> "it");
            while (json.nextField() != null) {
              json.skip();
            }
            return true;
          });
    } catch (UnusableFileException e) {
      return false;
    }
  }

  private static String start(byte[] document) {
    String text = new String(document, StandardCharsets.ISO_8859_1);
    return text.substring(0, Math.min(60, text.length()));
  }

  /** As {@code golden_json.py} does. */
  private static void show(JsonNode value, StringBuilder shown) {
    if (value.isObject()) {
      String before = "{";
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        shown.append(before).append(units(field.getKey())).append(":");
        show(field.getValue(), shown);
        before = ",";
      }
      shown.append(value.isEmpty() ? "{}" : "}");
    } else if (value.isArray()) {
      String before = "[";
      for (JsonNode element : value) {
        shown.append(before);
        show(element, shown);
        before = ",";
      }
      shown.append(value.isEmpty() ? "[]" : "]");
    } else if (value.isIntegralNumber()) {
      shown.append("i").append(value.bigIntegerValue());
    } else if (value.isNumber()) {
      double number = value.doubleValue();
      shown.append(
          Double.isNaN(number)
              ? "nan"
              : String.format(Locale.ROOT, "%016x", Double.doubleToLongBits(number)));
    } else {
      shown.append(value.isTextual() ? units(value.textValue()) : value.toString());
    }
  }

  private static String units(String text) {
    return text.chars()
        .mapToObj(unit -> String.format(Locale.ROOT, "%04x", unit))
        .collect(Collectors.joining("", "\"", "\""));
  }
}
