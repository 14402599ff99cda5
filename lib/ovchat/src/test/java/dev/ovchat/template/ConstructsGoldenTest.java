package dev.ovchat.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.ovchat.Golden;
import dev.ovchat.Golden.Construct;
import dev.ovchat.files.JsonText;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each construct gives what Jinja2 gives, or an error; what does not is named here. */
class ConstructsGoldenTest {
  private static final Golden.TemplateCases GOLDEN = Golden.templates();

  /** Jinja2 renders them. */
  private static final Set<String> REFUSED =
      Set.of(
          "{{ undefined_thing in l }} {{ 'a' in undefined_thing }} {{ undefined_thing|length }} {{ undefined_thing|list }} {{ undefined_thing|first is defined }}",
          "{{ 'a' * 3 }} {{ 3 * 'a' }} {{ 'a' * -1 }}| {{ [1] * 2 }} {{ (1,) * 2 }} {{ 'a' * true }}",
          "{{ '%s is %d%%' % ('x', 3) }} {{ '%s' % 'a' }} {{ '%s' % [1] }} {{ '%s %s'|format(1, none) }}",
          "{{ \"tab\\there\" }} {{ 'new\\nline' }} {{ 'uni\\u00e9\\x41' }} {{ '\\q\\d' }} {{ 'a\\\\b' }} {{ '\\'' }} {{ \"\\\"\" }} {{ '\"' }} {{ \"'\" }} {{ '\\U0001F600' }} {{ 'é😀' }}",
          "{{ 1, 2 }} {{ (1) }} {{ (1,) }} {{ () }} {{ [1, 2,] }} {{ {'a': 1,} }}",
          "{% set a, b = 'xy' %}{{ a }}{{ b }}",
          "{{ {'b': 1}|items|list }} {{ undefined_thing|items|list }}",
          "{% set loop = 5 %}{{ loop }}{% for x in l %}{{ loop.index }}{% endfor %}{{ loop }}",
          "{{ '<i>' + '<b>'|safe }}",
          "{{ '<b>'|safe|upper }} {{ '<b>'|safe|length }}");

  /** Jinja2 refuses them. */
  private static final Set<String> RENDERED =
      Set.of(
          "{{ undefined_thing[1:] }}",
          "{{ undefined_thing < 1 }}",
          "{% for x in none %}x{% endfor %}",
          "{{ 1 < 'a' }}",
          "{{ none < 1 }}",
          "{{ 1 in 'a1' }}",
          "{{ none in 'a' }}",
          "{{ 007 }}",
          "{{ 'a' is string is string }}",
          "{{ [1, 'a']|sort }}",
          "{{ {[1]: 2} }}");

  /** Rare enough to leave to MiniJinja; the list in lib/chat-template says what they are. */
  private static final Set<String> OTHERWISE =
      Set.of(
          "{{ d.name }}{{ d['name'] }}{{ d.items is callable }}{{ d['items'] }}{{ d.nested.list[1].x }}",
          "{{ l[::2] }} {{ l[1:10] }} {{ l[-2:] }} {{ l[:-5] }} {{ l[2:0:-1] }} {{ l[none:2] }} {{ (1, 2, 3)[1:] }} {{ l[10:] }} {{ l[::-2] }}",
          "{% with a=1, b=a %}{{ b is defined }}{% endwith %}",
          "{% macro m(a, b=2, c=a) %}{{ a }}{{ b }}{{ c }};{% endmacro %}{{ m(1) }}{{ m(1, 3) }}{{ m(c=5, a=4) }}{{ m() }}",
          "{{ ['a', 'A', 'b', 'a']|unique|list }} {{ [1, 1.0, true, 2]|unique|list }}",
          "{{ numbers|sum }} {{ numbers|max }} {{ numbers|min }} {{ []|max is defined }} {{ [{'a': 1}, {'a': 2}]|sum(attribute='a') }} {{ ['b', 'A']|min }} {{ [[1], [2]]|sum(start=[]) }}",
          "{{ cycler is defined }} {{ joiner is defined }} {{ lipsum is defined }} {{ namespace is defined }} {{ range is defined }} {{ raise_exception is defined }} {{ strftime_now is defined }} {{ dict is defined }}");

  static List<Construct> constructs() {
    return GOLDEN.constructs();
  }

  @ParameterizedTest
  @MethodSource("constructs")
  void rendersAsJinja2(Construct golden) {
    if (OTHERWISE.contains(golden.template())) {
      assertThat(render(golden)).isNotEqualTo(golden.text());
    } else if (RENDERED.contains(golden.template())) {
      assertThat(golden.error()).isNotNull();
      assertThatNoException().isThrownBy(() -> render(golden));
    } else if (golden.text() != null && !REFUSED.contains(golden.template())) {
      assertThat(render(golden)).isEqualTo(golden.text());
    } else {
      assertThatExceptionOfType(TemplateException.class)
          .isThrownBy(() -> render(golden))
          .satisfies(e -> assertThat(e.isRefusal()).isEqualTo(golden.refusal() != null))
          .withMessageContaining(golden.refusal() == null ? "" : golden.refusal());
    }
  }

  private static String render(Construct golden) {
    return TemplateSandbox.render(
        JsonText.of(
            Map.of(
                "template", golden.template(),
                "variables", GOLDEN.variables().get(0),
                "now", Map.of())));
  }
}
