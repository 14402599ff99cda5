package dev.ovchat.checkpoint;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of the tensors of a model that takes images, too: each version of transformers has put the
 * text model elsewhere.
 *
 * <pre>
 *   language_model.model.layers.0.mlp.up_proj.weight         ─┐ as published
 *   model.language_model.layers.0.mlp.up_proj.weight         ─┼─► model.layers.0.mlp.up_proj.weight
 *   model.language_model.model.layers.0.mlp.up_proj.weight   ─┘
 *   model.layers.0.mlp.up_proj.weight                        ───► the same
 *   language_model.lm_head.weight, lm_head.weight            ───► lm_head.weight
 *   vision_tower.encoder.layers.0.norm.weight                ───► no part of the text model
 * </pre>
 */
final class TextNames {
  private static final Pattern TEXT = Pattern.compile("(model\\.)?language_model\\.(model\\.)?");
  private static final String PREFIX = "model.";
  private static final String HEAD = "lm_head.";

  /** Beginnings of the names that tensors of a text model have alone. */
  private static final Pattern ALONE =
      Pattern.compile("lm_head\\.|model\\.(layers|embed_tokens|norm)\\.");

  private TextNames() {}

  /** The name of a tensor in the text model alone; its own if it is not a part of that. */
  static String inTextModel(String name) {
    Matcher text = TEXT.matcher(name);
    if (!text.lookingAt()) {
      return name;
    }
    String rest = name.substring(text.end());
    return rest.startsWith(HEAD) ? rest : PREFIX + rest;
  }

  /** The part of the model beside the text model that a tensor is in, such as vision_tower. */
  static Optional<String> otherPart(String name) {
    if (TEXT.matcher(name).lookingAt() || ALONE.matcher(name).lookingAt()) {
      return Optional.empty();
    }
    String inModel = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    return Optional.of(inModel.split("\\.", 2)[0]);
  }
}
