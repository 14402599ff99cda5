package dev.ovchat.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.config.GenerationException;
import dev.ovchat.openvino.IrModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheTraitsTest {
  private static final List<String> ALL =
      List.of(
          "input_ids",
          "attention_mask",
          "position_ids",
          "token_type_ids",
          "beam_idx",
          "logit_positions");

  private static final String KEYS = state("?,2,?,8");
  private static final String POSITIONS =
      "<layer type=\"Parameter\"><output><port id=\"0\" names=\"position_ids\"></output></layer>";
  private static final String LOGITS = "<port id=\"2\" precision=\"FP32\" names=\"1,logits\">";
  private static final String ATTENTION = "<layer id=\"5\" type=\"ScaledDotProductAttention\">";

  private static String state(String shape) {
    return "<layer type=\"ReadValue\">\n<data variable_id=\"a\" variable_shape=\""
        + shape
        + "\" />";
  }

  private static IrModel graph(String... parts) {
    return new IrModel(Path.of("openvino_model.xml"), String.join("\n", parts), 0);
  }

  private static CacheTraits of(List<String> inputs, String... parts) {
    return CacheTraits.of(graph(parts), inputs);
  }

  @Test
  void aModelWithAllInputsCanDoAll() {
    CacheTraits traits = of(ALL, KEYS, POSITIONS, LOGITS, ATTENTION);
    assertThat(traits.masks()).isTrue();
    assertThat(traits.choosesRows()).isTrue();
    assertThat(traits.notPaged()).isEmpty();
    traits.requirePages();
  }

  @Test
  void withoutPositionsOrAMaskNothingIsMasked() {
    for (String lacking : List.of("position_ids", "attention_mask")) {
      List<String> inputs = ALL.stream().filter(input -> !input.equals(lacking)).toList();
      assertThat(of(inputs, KEYS, POSITIONS, LOGITS, ATTENTION).masks()).isFalse();
    }
    assertThat(of(List.of("input_ids"), KEYS, POSITIONS, LOGITS, ATTENTION))
        .returns(false, CacheTraits::masks)
        .returns(false, CacheTraits::choosesRows);
  }

  @Test
  void aStateOfAnotherKindCannotBeMasked() {
    for (String shape : List.of("?,40,4", "?,4,8,4")) {
      CacheTraits traits = of(ALL, KEYS, state(shape), POSITIONS, LOGITS, ATTENTION);
      assertThat(traits.masks()).isFalse();
      assertThat(traits.notPaged()).hasValue("it keeps states that are not keys and values");
    }
  }

  @Test
  void attentionThatCannotBePagedIsRefused() {
    String table =
        "<data element_type=\"boolean\" shape=\"1, 1, 64, 64\" offset=\"0\" size=\"4096\" />";
    assertThatThrownBy(() -> of(ALL, KEYS, POSITIONS, LOGITS, ATTENTION, table).requirePages())
        .isInstanceOf(GenerationException.class)
        .hasMessage(
            "The model's attention cannot be paged: its attention mask is a table in the graph. Load"
                + " it without CacheLayout.PAGED, and call generate or batchGenerate instead of a"
                + " queue.");
    assertThat(of(ALL, KEYS, POSITIONS, LOGITS).notPaged())
        .hasValue("its graph has no operation ScaledDotProductAttention");
    String computed = POSITIONS.replace("Parameter", "Add");
    assertThatThrownBy(() -> CacheTraits.ofPaged(graph(KEYS, LOGITS, ATTENTION, computed)))
        .hasMessageStartingWith("The model's attention cannot be paged: it takes no position_ids.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          input_ids,encoder_hidden_states|The model takes the input encoder_hidden_states, but ovchat fills input_ids, attention_mask, position_ids, token_type_ids and beam_idx alone. Export it with --task text-generation-with-past; if it was, ovchat cannot run this architecture.
          pixel_values|The model takes the input pixel_values, but ovchat fills input_ids, attention_mask, position_ids, token_type_ids and beam_idx alone. Export it with --task text-generation-with-past; if it was, ovchat cannot run this architecture.
          input_ids,past_key_values.0.key|The model takes its cache as inputs, such as past_key_values.0.key, and ovchat reads models that keep it. Export it again without --disable-stateful.
          input_ids,cache_params.past.ssm.0|The model takes its cache as inputs, such as cache_params.past.ssm.0, and ovchat reads models that keep it. Export it again without --disable-stateful.
          attention_mask|The model takes the inputs [attention_mask], and input_ids is not among them. Export it with --task text-generation-with-past.
          """)
  void otherInputsAreNamed(String inputs, String message) {
    assertThatThrownBy(() -> of(List.of(inputs.split(",")), KEYS, LOGITS))
        .isInstanceOf(GenerationException.class)
        .hasMessage(message);
  }

  @Test
  void aCacheAndLogitsAreNeeded() {
    assertThatThrownBy(() -> of(ALL, LOGITS))
        .isInstanceOf(GenerationException.class)
        .hasMessage(
            "The model keeps no cache of the tokens before. Export it again with --task"
                + " text-generation-with-past.");
    assertThatThrownBy(() -> of(ALL, KEYS, LOGITS.replace("logits", "not_logits")))
        .isInstanceOf(GenerationException.class)
        .hasMessage(
            "The model has no output named logits, which a text generation model gives. Export it"
                + " again with --task text-generation-with-past.");
  }
}
