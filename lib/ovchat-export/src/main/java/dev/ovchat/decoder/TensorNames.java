package dev.ovchat.decoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The mapping from a checkpoint's tensors to the model's weights. Published checkpoints leave out
 * the prefix {@code model.}, or have it once too often; the rule is that of transformers' {@code
 * rename_source_key}, with the base model's prefix that all decoders here have.
 *
 * <pre>
 *   layers.0.mlp.up_proj.weight               ─┐
 *   model.layers.0.mlp.up_proj.weight         ─┼─► model.layers.0.mlp.up_proj.weight
 *   model.model.layers.0.mlp.up_proj.weight   ─┘
 *   lm_head.weight, model.lm_head.weight      ───► lm_head.weight
 * </pre>
 *
 * <p>If several tensors map to one weight, transformers takes the first one in its natural order:
 * by the parts between the dots, numbers before words.
 */
final class TensorNames {
  private static final String PREFIX = "model";

  private static final Comparator<String> PART =
      Comparator.comparing((String part) -> !isNumber(part))
          .thenComparing(part -> isNumber(part) ? Long.parseLong(part) : 0)
          .thenComparing(Comparator.naturalOrder());

  private final Set<String> names;

  /** The first matching tensor name of each weight. */
  private final Map<String, String> found = new HashMap<>();

  TensorNames(Set<String> names) {
    this.names = Set.copyOf(names);
    names.stream().sorted(TensorNames::compare).forEach(this::add);
  }

  private void add(String name) {
    List<String> weights = new ArrayList<>(List.of(name, PREFIX + "." + name));
    if (name.startsWith(PREFIX) && name.length() > PREFIX.length()) {
      weights.add(name.substring(PREFIX.length() + 1)); // after a dot or any other character
    }
    weights.forEach(weight -> found.putIfAbsent(weight, name));
  }

  /** The name that the checkpoint has for a weight of the model. */
  Optional<String> of(String weight) {
    return Optional.ofNullable(found.get(weight));
  }

  /** A tensor whose name differs from that of a weight of the model only by its prefix. */
  Optional<String> underAnotherPrefix(String weight) {
    String end = weight.startsWith(PREFIX + ".") ? weight.substring(PREFIX.length()) : "." + weight;
    return names.stream()
        .filter(name -> name.endsWith(end))
        .min(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()));
  }

  private static int compare(String name, String other) {
    Iterator<String> parts = Arrays.asList(name.split("\\.", -1)).iterator();
    Iterator<String> others = Arrays.asList(other.split("\\.", -1)).iterator();
    while (parts.hasNext() && others.hasNext()) {
      int order = PART.compare(parts.next(), others.next());
      if (order != 0) {
        return order;
      }
    }
    return Boolean.compare(parts.hasNext(), others.hasNext());
  }

  private static boolean isNumber(String part) {
    return part.matches("[0-9]{1,18}");
  }
}
