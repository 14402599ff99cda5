package dev.ovchat.decoder;

import java.util.Optional;

/**
 * The norms of a layer, by the names of their modules; empty without one.
 *
 * @param beforeAttention of what attention reads
 * @param afterAttention of what it gives, before that is added
 * @param beforeFeedForward of what the feed-forward part reads
 * @param afterFeedForward of what it gives, before that is added
 */
public record LayerNorms(
    Optional<String> beforeAttention,
    Optional<String> afterAttention,
    Optional<String> beforeFeedForward,
    Optional<String> afterFeedForward) {
  private static final String INPUT = "input_layernorm";
  private static final String POST_ATTENTION = "post_attention_layernorm";
  private static final String PRE_FEED_FORWARD = "pre_feedforward_layernorm";
  private static final String POST_FEED_FORWARD = "post_feedforward_layernorm";

  /** Norms before each part, as in most decoders. */
  static final LayerNorms BEFORE =
      new LayerNorms(
          Optional.of(INPUT), Optional.empty(), Optional.of(POST_ATTENTION), Optional.empty());

  /** Norms after each part. */
  static final LayerNorms AFTER =
      new LayerNorms(
          Optional.empty(),
          Optional.of(POST_ATTENTION),
          Optional.empty(),
          Optional.of(POST_FEED_FORWARD));

  /** Norms before and after each part. */
  static final LayerNorms AROUND =
      new LayerNorms(
          Optional.of(INPUT),
          Optional.of(POST_ATTENTION),
          Optional.of(PRE_FEED_FORWARD),
          Optional.of(POST_FEED_FORWARD));
}
