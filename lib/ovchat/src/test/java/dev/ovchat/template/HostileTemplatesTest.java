package dev.ovchat.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ovchat.Slow;
import dev.ovchat.files.JsonText;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A template reaches nothing but its variables, and comes to an end. */
@Slow
@Timeout(900)
class HostileTemplatesTest {
  private static final Map<String, Object> VARIABLES =
      Map.of(
          "messages", List.of(Map.of("role", "user", "content", "Hi")), "text", "Hi", "number", 5);

  private static String render(String template) {
    return TemplateSandbox.render(
        JsonText.of(Map.of("template", template, "variables", VARIABLES, "now", Map.of())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ''.getClass() }}",
        "{{ ''.class.forName('java.lang.Runtime') }}",
        "{{ text.getClass().forName('java.lang.Runtime').getRuntime().exec('id') }}",
        "{{ messages.getClass().getClassLoader() }}",
        "{{ messages[0].getClass() }}",
        "{{ messages[0].entrySet() }}",
        "{{ messages.stream() }}",
        "{{ messages.size() }}",
        "{{ number.longValue() }}",
        "{{ text.chars() }}",
        "{{ text.toCharArray() }}",
        "{{ range.call() }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ messages.__init__.__globals__ }}",
        "{{ text.format.__globals__ }}",
        "{{ '{0.__class__}'.format(text) }}",
        "{{ text|attr('__class__') }}",
        "{{ namespace().__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ ____int3rpr3t3r____.getConfig() }}",
        "{{ config.items() }}",
        "{{ request.application }}",
        "{{ T(java.lang.Runtime).getRuntime() }}",
        "{{ java.lang.System.getenv() }}",
        "{{ System.getenv('HOME') }}",
        "{{ new java.io.File('/') }}",
        "{{ open('/etc/passwd').read() }}",
        "{{ env['HOME'].x }}",
        "{{ eval('1') }}",
        "{% include '/etc/passwd' %}",
        "{% include 'file:///etc/passwd' %}",
        "{% import '/etc/passwd' as x %}",
        "{% from '/etc/passwd' import x %}",
        "{% extends '/etc/passwd' %}",
        "{% do text.getClass() %}",
        "{{ messages.append(1) }}",
        "{{ messages[0].update({'role': 'system'}) }}",
        "{% set messages[0].role = 'system' %}",
        "{% set messages.x = 1 %}",
      })
  void reachesNothing(String template) {
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(() -> render(template))
        .withMessageStartingWith("line 1: ")
        .withMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ____int3rpr3t3r____ }}",
        "{{ text.class }}",
        "{{ text.bytes }}",
        "{{ text.empty }}",
        "{{ messages.empty }}",
        "{{ messages[0].class }}",
        "{{ messages['class'] }}",
        "{{ number.MAX_VALUE }}",
        "{{ ''.__class__ }}",
        "{{ os }}",
        "{{ raise_exception.__globals__ }}",
        "{{ text['getClass'] }}",
      })
  void javaIsNotThere(String template) {
    assertThat(render(template)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "{{ range(10**9) }} ! too large",
        "{{ range(10**18, 0, -1) }} ! too large",
        "{{ 'x' * 10**9 }} ! too large",
        "{{ 'xx' * 10**18 }} ! only be multiplied",
        "{{ [1] * 10**9 }} ! too large",
        "{{ 10 ** 10 ** 10 }} ! unable to calculate",
        "{{ 2 ** 10000000000 }} ! unable to calculate",
        "{{ '%s' % ('x' * 9999999) }} ! unsupported types",
        "{{ text | replace('', 'x' * 4000000) }} ! more than 5000000 bytes",
        "{{ ('x' * 4000).join(('x' * 4000) | list) }} ! more than 5000000 bytes",
        "{{ [range(99999)|list] * 99999 }} ! (more than 5000000 bytes|longer than 2 seconds)",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %} ! (more than 1000000 steps|longer than 2 seconds)",
        "{% for a in range(99999) %}{{ 'x' * 1000 }}{% endfor %} ! more than 5000000 bytes",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }} ! recursion limit",
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }} ! recursion limit",
        "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }} ! recursion limit",
        "{% set n = namespace(x='x') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %} ! more than 64 MB of memory",
        "{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %} ! (longer than 2 seconds|nested too deep|more than 64 MB of memory)",
        "{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }} ! (longer than 2 seconds|nested too deep|more than 64 MB of memory)",
        "{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x | tojson }} ! (longer than 2 seconds|nested too deep|more than 64 MB of memory)",
        "{% set n = namespace(x=[1], y=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% set n.y = [n.y, n.y] %}{% endfor %}{{ n.x == n.y }} ! (longer than 2 seconds|nested too deep|more than 64 MB of memory)",
        "{% set n = namespace(x=[]) %}{% for i in range(90000) %}{% set n.x = [n.x] %}{% endfor %}{{ n.x }} ! (longer than 2 seconds|nested too deep|more than 64 MB of memory)",
        "{% set n = namespace() %}{% set n.x = n %}{{ n }} ! cannot be written",
        "{% set n = namespace() %}{% set n.x = [n] %}{{ n.x | tojson }} ! cannot be written"
      })
  void isCutOff(String template, String message) {
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(() -> render(template))
        .withMessageMatching(".*" + message + ".*");
    assertThat(render("{{ text }} again")).isEqualTo("Hi again");
  }

  /** Nothing is searched or sorted for long. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ 'a' | indent(10**9) }}",
        "{{ ('a' * 999999 ~ 'b') in 'a' * 1999999 }}",
        "{{ ('a' * 1999999).split('a' * 999999 ~ 'b') }}",
        "{{ ('a' * 1999999).rfind('b' ~ 'a' * 999999) }}",
        "{{ ('a' * 99999).strip('b' * 5000) }}",
        "{{ (range(29999) | list | sort(reverse=true) | unique | list) }}"
      })
  void comesToAnEnd(String template) {
    assertThat(render(template)).isNotEmpty();
  }

  @Test
  void anInterruptStaysForWhatComesAfter() {
    Thread.currentThread().interrupt();
    try {
      assertThat(render("{% for a in range(9999) %}{% endfor %}done")).isEqualTo("done");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "{'a':", "not ", "-", "1 if ", "a(", "a[", "a|d(", "x.y("})
  void deepExpressionsEnd(String part) {
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(() -> render("{{ " + part.repeat(50_000)));
  }

  @ParameterizedTest
  @ValueSource(strings = {" + 1", " ~ 'a'", ".a", "[0]", "|d", " and 1", " ** 1", " is true == 1"})
  void longExpressionsEnd(String part) {
    String template = "{{ 1" + part.repeat(50_000) + " }}";
    try {
      assertThat(render(template)).hasSizeLessThan(100_000);
    } catch (TemplateException e) {
      assertThat(e).hasMessageNotContaining("\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{% if 1 %}", "{% for a in [1] %}", "{% set a %}", "{% macro a() %}"})
  void deepBlocksEnd(String block) {
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(() -> render(block.repeat(20_000)))
        .withMessageContaining("exceeds maximum recursion limits");
  }
}
