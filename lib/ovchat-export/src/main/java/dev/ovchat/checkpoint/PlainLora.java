package dev.ovchat.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ovchat.files.Excerpt;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.UnusableFileException;
import java.util.Locale;
import java.util.Set;

/**
 * The check of an {@code adapter_config.json} that the adapter is plain LoRA: two narrow matrices
 * for a layer, and nothing else. With other fields PEFT computes something else.
 */
final class PlainLora {
  private static final String LORA = "LORA";
  private static final String INITIAL = "init_lora_weights";

  /**
   * Fields that {@link AdapterConfig} reads, or that say nothing of the merged weights: where the
   * adapter comes from, how it was trained, and which modules it has, which its tensors show.
   */
  private static final Set<String> KNOWN =
      Set.of(
          "peft_type",
          "r",
          "lora_alpha",
          "use_rslora",
          "rank_pattern",
          "alpha_pattern",
          INITIAL,
          "auto_mapping",
          "base_model_name_or_path",
          "corda_config",
          "eva_config",
          "exclude_modules",
          "inference_mode",
          "layers_pattern",
          "layers_to_transform",
          "loftq_config",
          "lora_dropout",
          "lora_ga_config",
          "megatron_core",
          "peft_version",
          "qalora_group_size",
          "revision",
          "runtime_config",
          "target_modules",
          "task_type");

  /** Values of {@link #INITIAL} with which PEFT leaves the model's own weights as they are. */
  private static final Set<String> INITIAL_VALUES =
      Set.of("true", "false", "gaussian", "eva", "orthogonal", "mica");

  private PlainLora() {}

  /** Refuses any other adapter. */
  static void require(JsonFile json) {
    String type = json.text("peft_type", "null");
    if (!type.equals(LORA)) {
      throw new UnusableFileException(
          "%s sets peft_type to %s, and adapters of the type %s alone are merged here; merge it by PEFT's merge_and_unload, and export what that gives."
              .formatted(json.path(), Excerpt.of(type), LORA));
    }
    for (var field : json.root().properties()) {
      if (!KNOWN.contains(field.getKey()) && isSet(field.getValue())) {
        throw new UnusableFileException(
            "%s sets %s to %s, which is not plain LoRA; merge it by PEFT's merge_and_unload, and export what that gives."
                .formatted(
                    json.path(),
                    Excerpt.of(field.getKey()),
                    Excerpt.of(field.getValue().toString())));
      }
    }
    String initial = json.text(INITIAL, "true");
    if (!INITIAL_VALUES.contains(initial.toLowerCase(Locale.ROOT))) {
      throw new UnusableFileException(
          "%s sets %s to %s, for which PEFT changes the model's own weights, too; save the adapter as plain LoRA, with path_initial_model_for_weight_conversion."
              .formatted(json.path(), INITIAL, Excerpt.of(initial)));
    }
  }

  /** Tests whether a value asks for something: PEFT writes all fields, most as null. */
  private static boolean isSet(JsonNode value) {
    boolean isNothing =
        value.isNull()
            || (value.isContainerNode() && value.isEmpty())
            || (value.isTextual() && Set.of("", "none").contains(value.textValue()))
            || (value.isBoolean() && !value.booleanValue());
    return !isNothing;
  }
}
