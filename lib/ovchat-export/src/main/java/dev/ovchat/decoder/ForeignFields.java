package dev.ovchat.decoder;

import dev.ovchat.files.JsonFile;
import dev.ovchat.files.UnusableFileException;
import java.util.List;
import java.util.Set;

/**
 * Fields of {@code config.json} that make another model of it, in the architectures that have them.
 * transformers reads past them in all others; here they are refused, since a model that was trained
 * with them gives nonsense without.
 */
final class ForeignFields {
  /** Numbers of experts; one is a usual feed-forward part. */
  private static final List<String> EXPERTS =
      List.of("num_experts", "num_local_experts", "n_routed_experts");

  /** Factors, with which 1 changes nothing. */
  private static final List<String> FACTORS =
      List.of("embedding_multiplier", "residual_multiplier", "logits_scaling", "scale_emb");

  private static final List<String> OTHERS =
      List.of(
          "attention_multiplier",
          "scale_depth",
          "dim_model_base",
          "attn_logit_softcapping",
          "final_logit_softcapping",
          "query_pre_attn_scalar",
          "no_rope_layers");

  private ForeignFields() {}

  /**
   * Refuses the fields that an architecture does not have.
   *
   * @param own those that it has
   */
  static void refuse(JsonFile json, String modelType, Set<String> own) {
    for (String field : EXPERTS) {
      if (json.number(field).orElse(1) > 1 && !own.contains(field)) {
        throw new UnusableFileException(
            "%s is the config of a mixture of experts (%s), which the export from Java knows as qwen3_moe, granitemoe and gpt_oss, not as %s.%s"
                .formatted(json.path(), field, modelType, DecoderConfig.OTHERWISE));
      }
    }
    for (String field : FACTORS) {
      refuse(json, modelType, field, json.number(field).orElse(1) != 1 && !own.contains(field));
    }
    for (String field : OTHERS) {
      refuse(json, modelType, field, json.value(field).isPresent() && !own.contains(field));
    }
  }

  private static void refuse(JsonFile json, String modelType, String field, boolean isForeign) {
    if (isForeign) {
      throw new UnusableFileException(
          "%s sets %s, which a model of the architecture %s does not have; take the config.json that belongs to the weights."
              .formatted(json.path(), field, modelType));
    }
  }
}
