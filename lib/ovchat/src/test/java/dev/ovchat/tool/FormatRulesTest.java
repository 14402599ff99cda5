package dev.ovchat.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A chat template's text says how its model calls tools. */
class FormatRulesTest {

  private static String template(String name) {
    try (InputStream in =
        FormatRulesTest.class.getResourceAsStream("/templates/" + name + ".jinja")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tools/hermes, HERMES",
    "tools/qwen-2.5, HERMES",
    "tools/qwen-3, HERMES",
    "tools/smollm3, HERMES",
    "tools/llama-3.1, LLAMA3",
    "tools/mistral, MISTRAL",
    "mistral-v0.3, MISTRAL",
    "tools/phi-4-mini, PHI4_MINI",
    "tools/granite, GRANITE",
    "phi-3-mini, HERMES",
    "chatml, HERMES",
    "gemma-3, HERMES",
  })
  void theTemplateTellsTheForm(String name, ToolCallFormat format) {
    assertThat(ToolCallFormat.of(template(name))).contains(format);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tools/qwen-3-coder", "tools/command-r", "tools/gpt-oss"})
  void otherFormsAreNotGuessed(String name) {
    String template = template(name);
    assertThat(ToolCallFormat.of(template)).isEmpty();
    assertThat(Tools.none().format(ToolCallFormat.JSON).formatFor(template))
        .isEqualTo(ToolCallFormat.JSON);
    assertThatExceptionOfType(ToolException.class)
        .isThrownBy(() -> Tools.none().formatFor(template))
        .withMessageStartingWith("The chat template takes tools, and does not say in a form")
        .withMessageContaining("Choose one by format(…); there are [HERMES, LLAMA3, ");
  }

  @Test
  void aFormThatWasChosenComesFirst() {
    assertThat(Tools.none().format(ToolCallFormat.JSON).formatFor(template("tools/qwen-3")))
        .isEqualTo(ToolCallFormat.JSON);
  }
}
