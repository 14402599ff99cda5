package dev.ovchat.decoder;

import dev.ovchat.files.JsonFile;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Qwen3 with experts, in all layers or in some; its window, where it has one, is that of all. */
final class Qwen3Moe extends Qwen3 {
  Qwen3Moe() {
    super("qwen3_moe");
  }

  @Override
  Set<String> ownFields() {
    return Set.of("num_experts", "num_local_experts");
  }

  @Override
  int defaultKeyValueHeads(int attentionHeads) {
    return 4;
  }

  @Override
  Optional<Integer> defaultHeadDim() {
    return Optional.empty();
  }

  @Override
  List<Optional<Integer>> slidingWindows(JsonFile json, int layers) {
    Optional<Integer> given = SlidingWindows.field(json);
    boolean isNull = json.root().has("sliding_window") && given.isEmpty();
    boolean isUsed = json.truth("use_sliding_window", false) && !isNull;
    return Collections.nCopies(
        layers, isUsed ? given.or(() -> Optional.of(4096)) : Optional.empty());
  }

  @Override
  List<Optional<Experts>> experts(JsonFile json, int layers) {
    Set<Integer> dense = dense(json);
    int step = size(json, "decoder_sparse_step", 1);
    Experts experts =
        Experts.read(
            json,
            128,
            8,
            size(json, "moe_intermediate_size", 768),
            json.truth("norm_topk_prob", false));
    return IntStream.range(0, layers)
        .mapToObj(
            layer ->
                !dense.contains(layer) && (layer + 1) % step == 0
                    ? Optional.of(experts)
                    : Optional.<Experts>empty())
        .toList();
  }

  /** The layers without experts that the config names. */
  private static Set<Integer> dense(JsonFile json) {
    String field = "mlp_only_layers";
    json.value(field)
        .filter(list -> !list.isArray())
        .ifPresent(
            other -> {
              throw json.wrong(field, "a list of layers", other);
            });
    return new HashSet<>(json.integers(field, json.root().path(field)));
  }

  private static int size(JsonFile json, String field, int otherwise) {
    return json.value(field).isPresent() ? json.size(field) : otherwise;
  }
}
