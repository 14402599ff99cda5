package dev.ovchat.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.Golden;
import dev.ovchat.Slow;
import dev.ovchat.files.JsonText;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A damaged template gives a text or a clear error, and soon. */
@Slow
class DamagedTemplatesTest {
  private static final int COUNT = 500;
  private static final List<String> PIECES =
      List.of(
          "{{",
          "}}",
          "{%",
          "%}",
          "{#",
          "#}",
          "-%}",
          "{%-",
          "'",
          "\"",
          "\\",
          "(",
          ")",
          "[",
          "]",
          "{",
          "}",
          "|",
          ".",
          "~",
          "**",
          "//",
          ":",
          "::-1",
          "\n",
          "999999999",
          "for ",
          " in ",
          "{% endfor %}",
          "{% endif %}",
          "{% for m in messages %}",
          "{% set messages = messages * 9 %}",
          "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
          "range(99999)",
          "messages",
          "😀",
          "\ud800");

  @Test
  @Timeout(900)
  void giveATextOrAnError() {
    var random = new Random(20261121);
    List<String> sources =
        Golden.templates().constructs().stream().map(Golden.Construct::template).toList();
    Map<String, Object> variables = Golden.templates().variables().get(0);
    int texts = 0;
    int errors = 0;
    for (int i = 0; i < COUNT; i++) {
      String template = damaged(sources, random);
      try {
        String request =
            JsonText.of(Map.of("template", template, "variables", variables, "now", Map.of()));
        TemplateSandbox.render(request);
        texts++;
      } catch (TemplateException e) {
        assertThat(e.getMessage()).as(template).isNotBlank();
        errors++;
      }
    }
    assertThat(texts).isGreaterThan(COUNT / 10);
    assertThat(errors).isGreaterThan(COUNT / 10);
  }

  /** One to three templates in a row, with pieces put in and taken out. */
  private static String damaged(List<String> sources, Random random) {
    var template = new StringBuilder();
    for (int i = 0; i <= random.nextInt(3); i++) {
      template.append(sources.get(random.nextInt(sources.size())));
    }
    for (int i = 0; i < random.nextInt(4); i++) {
      int at = random.nextInt(template.length() + 1);
      if (random.nextBoolean()) {
        template.insert(at, PIECES.get(random.nextInt(PIECES.size())));
      } else {
        template.delete(at, Math.min(template.length(), at + random.nextInt(8)));
      }
    }
    return template.toString();
  }
}
