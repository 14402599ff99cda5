package dev.ovchat.decoder;

import dev.ovchat.files.JsonFile;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Differences of the decoders of one architecture from Llama's: the defaults of {@code
 * config.json}, which of its fields count, and the parts of the graph.
 *
 * <p>Each architecture is a class of its own that overrides the methods that differ, as
 * transformers' {@code configuration_NAME.py} and {@code modeling_NAME.py} define them; {@link
 * Architectures} lists them, and {@code lib/CONTRIBUTING.md} says what else belongs to one.
 */
public abstract class Architecture {
  private final String modelType;

  /**
   * @param modelType the name in {@code config.json}, which is transformers'
   */
  Architecture(String modelType) {
    this.modelType = modelType;
  }

  /** The name in {@code config.json}. */
  final String modelType() {
    return modelType;
  }

  /** The fields of {@code config.json} that few architectures have, as far as this one does. */
  Set<String> ownFields() {
    return Set.of();
  }

  // The sizes and their defaults

  /** {@code rms_norm_eps} where the config says nothing. */
  double defaultRmsNormEps() {
    return 1e-6;
  }

  /** {@code num_key_value_heads} where the config does not have the field. */
  int defaultKeyValueHeads(int attentionHeads) {
    return attentionHeads;
  }

  /** {@code head_dim} where the config says nothing; empty for hidden size / query heads. */
  Optional<Integer> defaultHeadDim() {
    return Optional.empty();
  }

  /** {@code tie_word_embeddings} where the config says nothing. */
  boolean defaultTieWordEmbeddings() {
    return false;
  }

  /** Returns whether weights can be read that are quantized by this method. */
  boolean readsQuantized(String method) {
    return false;
  }

  // The linear layers

  /**
   * Returns whether query, key and value are one matrix in the checkpoint, and gate and up as well.
   */
  public boolean fusesProjections() {
    return false;
  }

  /** {@code attention_bias} where the config says nothing. */
  boolean defaultAttentionBias() {
    return false;
  }

  /** Returns whether the field {@code attention_bias} counts. */
  boolean hasAttentionBias() {
    return true;
  }

  /** Returns whether the query, key and value projections add a bias. */
  boolean queryKeyValueBias(boolean attentionBias) {
    return attentionBias;
  }

  /** Returns whether the output projection of attention adds a bias. */
  boolean attentionOutputBias(boolean attentionBias) {
    return attentionBias;
  }

  /** Returns whether the projections of the feed-forward part add a bias. */
  boolean feedForwardBias(boolean mlpBias) {
    return false;
  }

  /** The activation of the feed-forward part. */
  Activation activation(JsonFile json) {
    return Activation.read(json, "hidden_act", Activation.SILU);
  }

  /** The experts of each layer; empty where a layer has a feed-forward part of its own. */
  List<Optional<Experts>> experts(JsonFile json, int layers) {
    return Collections.nCopies(layers, Optional.empty());
  }

  // Norms and factors

  /** The norms before and after the parts of a layer. */
  public LayerNorms layerNorms() {
    return LayerNorms.BEFORE;
  }

  /** The norms of queries and keys. */
  public HeadNorms headNorms() {
    return HeadNorms.NONE;
  }

  /** Returns whether a norm multiplies by 1 + its weight. */
  boolean normsAddOne() {
    return false;
  }

  /** The constant factors in the graph. */
  Factors factors(JsonFile json, DecoderSizes sizes) {
    return Factors.of(sizes);
  }

  // Attention

  /** Returns whether heads have sinks: a score that takes a share of the attention to nothing. */
  public boolean hasSinks() {
    return false;
  }

  /** The sliding window of each layer, in tokens; empty where a layer has full attention. */
  List<Optional<Integer>> slidingWindows(JsonFile json, int layers) {
    return Collections.nCopies(layers, Optional.empty());
  }

  /** {@code rope_theta} where the config says nothing. */
  double defaultRopeTheta() {
    return 10_000;
  }

  /** The {@code rope_type} that a name stands for. */
  String ropeType(String type) {
    return type;
  }

  /** {@code original_max_position_embeddings} where the config says nothing. */
  int defaultOriginalMaxPositions(int maxPositions) {
    return maxPositions;
  }

  /**
   * The fields of the rotary embedding, for layers with full attention. Where a config has both the
   * older and the newer name, the older one counts, as in transformers 5.
   */
  JsonFile ropeFields(JsonFile json) {
    return ropeScaling(json)
        .or(() -> json.object("rope_parameters"))
        .orElseGet(() -> JsonFile.empty(json.path()));
  }

  /** The field {@code rope_scaling}, unless it is empty. */
  static Optional<JsonFile> ropeScaling(JsonFile json) {
    return json.object("rope_scaling").filter(fields -> !fields.root().isEmpty());
  }

  /**
   * The rotary embedding of each layer; empty where a layer rotates nothing.
   *
   * @param rope what {@link #ropeFields} says
   * @param windows the sliding windows of the layers
   */
  List<Optional<RopeConfig>> layerRopes(
      JsonFile json, RopeConfig rope, DecoderSizes sizes, List<Optional<Integer>> windows) {
    return Collections.nCopies(sizes.layers(), Optional.of(rope));
  }

  /** Returns whether a part of a head may stay as it is: {@code partial_rotary_factor}. */
  boolean rotatesInPart() {
    return false;
  }

  /** Returns whether queries far behind the original length are scaled up, as in Llama 4. */
  public boolean scalesQueriesByPosition() {
    return false;
  }
}
