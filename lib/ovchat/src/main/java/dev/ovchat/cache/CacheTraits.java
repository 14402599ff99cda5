package dev.ovchat.cache;

import dev.ovchat.config.GenerationException;
import dev.ovchat.modeldir.ModelConfig;
import dev.ovchat.openvino.IrModel;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Abilities of a model's cache, as its graph shows them. All models can generate one completion
 * after the other; what else there is depends on their inputs and states.
 *
 * @param masks whether cache positions may be masked: the positions of tokens are an input, and no
 *     state is a running sum of all tokens that were read
 * @param choosesRows whether rows of the cache may be chosen, as beams and batches do
 * @param notPaged why its attention cannot be paged; empty where nothing is known to be against it
 */
public record CacheTraits(boolean masks, boolean choosesRows, Optional<String> notPaged) {
  private static final Set<String> MASKING = Set.of(PaddedSession.MASK, PaddedSession.POSITIONS);

  /**
   * Reads them, and refuses a model that is not one for text generation with a cache.
   *
   * @param inputs the names of the inputs that the graph has
   * @throws GenerationException if the model takes an input that is not filled here, or has no
   *     cache or no logits; the message names it
   */
  public static CacheTraits of(IrModel graph, List<String> inputs) {
    requireInputs(inputs);
    if (!graph.hasStates()) {
      throw new GenerationException(
          "The model keeps no cache of the tokens before. Export it again with --task"
              + " text-generation-with-past.");
    }
    if (!graph.hasOutput("logits")) {
      throw new GenerationException(
          "The model has no output named logits, which a text generation model gives. Export it"
              + " again with --task text-generation-with-past.");
    }
    return new CacheTraits(
        inputs.containsAll(MASKING) && graph.statesGrow(),
        inputs.contains(PaddedSession.BEAM),
        againstPages(graph));
  }

  /**
   * The traits of a cache in blocks, which needs no masks.
   *
   * @param graph the graph as it is exported: OpenVINO adds what paged attention takes
   * @throws GenerationException if its logits would not be those of the model
   */
  public static CacheTraits ofPaged(IrModel graph) {
    var traits = new CacheTraits(true, true, againstPages(graph));
    traits.requirePages();
    return traits;
  }

  /**
   * The number of positions of a row up to which masked ones do no harm. Past a sliding window,
   * which counts positions, they would push out tokens that are not masked.
   *
   * @param config the model's
   * @param paged whether the cache is one in blocks, which masks nothing
   * @return 0 where positions cannot be masked
   */
  public int mostPositions(ModelConfig config, boolean paged) {
    int context = config.maxPositionEmbeddings();
    if (paged) {
      return context;
    }
    return masks ? Math.min(context, config.slidingWindow().orElse(context)) : 0;
  }

  /** Refuses inputs that are not those of a text generation model with a cache. */
  static void requireInputs(List<String> inputs) {
    for (String input : inputs) {
      if (input.startsWith("past_key_values") || input.startsWith("cache_params")) {
        throw new GenerationException(
            """
            The model takes its cache as inputs, such as %s, and ovchat reads models that keep it. \
            Export it again without --disable-stateful."""
                .formatted(input));
      }
      if (!PaddedSession.INPUTS.contains(input)) {
        throw new GenerationException(
            """
            The model takes the input %s, but ovchat fills input_ids, attention_mask, position_ids, \
            token_type_ids and beam_idx alone. Export it with --task text-generation-with-past; \
            if it was, ovchat cannot run this architecture."""
                .formatted(input));
      }
    }
    if (!inputs.contains(PaddedSession.IDS)) {
      throw new GenerationException(
          """
          The model takes the inputs %s, and input_ids is not among them. \
          Export it with --task text-generation-with-past."""
              .formatted(inputs));
    }
  }

  /**
   * The reason against paged attention, which OpenVINO would leave out without a word or cannot do.
   * Where positions are no input, they come from the mask or from the length of the cache, and both
   * are gone.
   */
  private static Optional<String> againstPages(IrModel graph) {
    if (!graph.statesGrow()) {
      return Optional.of("it keeps states that are not keys and values");
    }
    if (!graph.hasInput(PaddedSession.POSITIONS)) {
      return Optional.of("it takes no position_ids");
    }
    if (graph.hasMaskTable()) {
      return Optional.of("its attention mask is a table in the graph");
    }
    return graph.hasOperation("ScaledDotProductAttention")
        ? Optional.empty()
        : Optional.of("its graph has no operation ScaledDotProductAttention");
  }

  /**
   * Refuses paged attention for a model that cannot have it.
   *
   * @throws GenerationException as said
   */
  public void requirePages() {
    notPaged.ifPresent(
        reason -> {
          throw new GenerationException(
              """
              The model's attention cannot be paged: %s. Load it without CacheLayout.PAGED, and \
              call generate or batchGenerate instead of a queue."""
                  .formatted(reason));
        });
  }
}
