package dev.ovchat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextNamesTest {
  @ParameterizedTest
  @CsvSource({
    "language_model.model.layers.0.mlp.up_proj.weight, model.layers.0.mlp.up_proj.weight",
    "model.language_model.layers.0.mlp.up_proj.weight, model.layers.0.mlp.up_proj.weight",
    "model.language_model.model.norm.weight, model.norm.weight",
    "language_model.embed_tokens.weight, model.embed_tokens.weight",
    "language_model.lm_head.weight, lm_head.weight",
    "lm_head.weight, lm_head.weight",
    "model.layers.0.mlp.up_proj.weight, model.layers.0.mlp.up_proj.weight",
    "model.embed_tokens.weight, model.embed_tokens.weight",
    "model.norm.weight, model.norm.weight"
  })
  void ofTheTextModel(String inFile, String alone) {
    assertThat(TextNames.inTextModel(inFile)).isEqualTo(alone);
    assertThat(TextNames.otherPart(inFile)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "vision_tower.vision_model.encoder.layers.0.mlp.fc1.weight, vision_tower",
    "model.vision_tower.transformer.layers.0.attention.q_proj.weight, vision_tower",
    "multi_modal_projector.mm_input_projection_weight, multi_modal_projector"
  })
  void ofOtherParts(String inFile, String part) {
    assertThat(TextNames.inTextModel(inFile)).isEqualTo(inFile);
    assertThat(TextNames.otherPart(inFile)).isEqualTo(Optional.of(part));
  }
}
