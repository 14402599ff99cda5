package dev.ovchat.decoder;

import dev.ovchat.checkpoint.TextConfig;
import dev.ovchat.files.FileNames;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.UnusableFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The settings of a decoder in {@code config.json}, for the architectures that can be exported.
 * Defaults are those of transformers.
 *
 * @param architecture the architecture, which gives the defaults
 * @param vocabSize the number of tokens in the vocabulary
 * @param hiddenSize dimensions of the hidden state of a token between layers
 * @param intermediateSize dimensions of a token inside the feed-forward part
 * @param numHiddenLayers number of layers
 * @param numAttentionHeads query heads per layer
 * @param numKeyValueHeads key and value heads per layer; each serves the same number of query heads
 * @param headDim dimensions per head
 * @param rmsNormEps ε of the RMS norm, added to the mean of squares before the square root
 * @param tieWordEmbeddings whether lm_head's weights are those of the embedding, unless the
 *     checkpoint holds both and they differ
 * @param queryKeyValueBias whether the query, key and value projections add a bias
 * @param attentionOutputBias whether the output projection of attention adds a bias
 * @param feedForwardBias whether the projections of the feed-forward part add a bias
 * @param activation the activation of the feed-forward part
 * @param experts the experts of each layer; empty where a layer has one feed-forward part
 * @param normsAddOne whether a norm multiplies by 1 + its weight
 * @param factors the constant factors in the graph
 * @param slidingWindows the sliding window of each layer, in tokens; empty where a layer has full
 *     attention
 * @param rope settings of the rotary position embedding
 * @param layerRopes the rotary embedding of each layer; empty where a layer rotates nothing
 */
public record DecoderConfig(
    Architecture architecture,
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int numHiddenLayers,
    int numAttentionHeads,
    int numKeyValueHeads,
    int headDim,
    float rmsNormEps,
    boolean tieWordEmbeddings,
    boolean queryKeyValueBias,
    boolean attentionOutputBias,
    boolean feedForwardBias,
    Activation activation,
    List<Optional<Experts>> experts,
    boolean normsAddOne,
    Factors factors,
    List<Optional<Integer>> slidingWindows,
    RopeConfig rope,
    List<Optional<RopeConfig>> layerRopes) {
  /** Advice for a setting that the export does not know: a sentence with a leading space. */
  static final String OTHERWISE =
      " The documented command may know it: add --engine optimum to ./scripts/export.";

  public DecoderConfig {
    experts = List.copyOf(experts);
    slidingWindows = List.copyOf(slidingWindows);
    layerRopes = List.copyOf(layerRopes);
  }

  /**
   * Reads a checkpoint's {@code config.json}; of a model that takes images, too, what it says of
   * the text model.
   *
   * @throws UnusableFileException if it is not readable, of another architecture, or asks for
   *     something that the export does not know; the message says what
   */
  public static DecoderConfig read(Path checkpoint) {
    JsonFile whole = JsonFile.read(checkpoint.resolve(FileNames.CONFIG));
    return of(TextConfig.read(checkpoint), Architectures.modelType(whole));
  }

  /**
   * Takes the settings out of the fields of a {@code config.json}.
   *
   * @throws UnusableFileException as {@link #read}
   */
  public static DecoderConfig of(JsonFile json) {
    return of(json, Architectures.modelType(json));
  }

  /**
   * @param wholeType architecture of the whole model, which the documented command looks at
   */
  private static DecoderConfig of(JsonFile json, String wholeType) {
    Architecture architecture = architecture(json, wholeType);
    DecoderConfig config = of(json, architecture, architecture.normsAddOne());
    double rotated = config.rope.partialRotaryFactor();
    if (rotated != 1 && !architecture.rotatesInPart()) {
      throw new UnusableFileException(
          "%s sets partial_rotary_factor to %s, but a model of the architecture %s rotates whole heads; take the config.json that belongs to the weights."
              .formatted(json.path(), rotated, architecture.modelType()));
    }
    return config;
  }

  /**
   * Takes the settings out of the fields that a GGUF file stands for. Where a norm adds 1 to its
   * weight, the file has that done.
   *
   * @throws UnusableFileException as {@link #read}
   */
  public static DecoderConfig ofGguf(JsonFile json) {
    return of(json, architecture(json, Architectures.modelType(json)), false);
  }

  private static Architecture architecture(JsonFile json, String wholeType) {
    return Architectures.of(json)
        .orElseThrow(
            () ->
                new UnusableFileException(
                    "%s is of the architecture %s; the export from Java knows %s.%s"
                        .formatted(
                            json.path(),
                            Architectures.modelType(json),
                            Architectures.names(),
                            DocumentedCommand.advice(wholeType))));
  }

  private static DecoderConfig of(JsonFile json, Architecture architecture, boolean normsAddOne) {
    Activation activation = architecture.activation(json);
    refuseQuantized(json, architecture);
    ForeignFields.refuse(json, architecture.modelType(), architecture.ownFields());
    SlidingWindows.field(json); // refused where it is not a number, also if nothing uses it
    DecoderSizes sizes = DecoderSizes.read(json, architecture);
    RopeConfig rope = RopeConfig.read(json, architecture);
    List<Optional<Integer>> windows = architecture.slidingWindows(json, sizes.layers());
    boolean attentionBias =
        json.truth("attention_bias", architecture.defaultAttentionBias())
            && architecture.hasAttentionBias();
    return new DecoderConfig(
        architecture,
        json.size("vocab_size"),
        sizes.hidden(),
        json.size("intermediate_size"),
        sizes.layers(),
        sizes.heads(),
        sizes.keyValueHeads(),
        sizes.headDim(),
        epsilon(json, architecture),
        json.truth("tie_word_embeddings", architecture.defaultTieWordEmbeddings()),
        architecture.queryKeyValueBias(attentionBias),
        architecture.attentionOutputBias(attentionBias),
        architecture.feedForwardBias(json.truth("mlp_bias", false)),
        activation,
        architecture.experts(json, sizes.layers()),
        normsAddOne,
        architecture.factors(json, sizes),
        windows,
        rope,
        architecture.layerRopes(json, rope, sizes, windows));
  }

  private static void refuseQuantized(JsonFile json, Architecture architecture) {
    json.value("quantization_config")
        .filter(how -> !architecture.readsQuantized(how.path("quant_method").asText()))
        .ifPresent(
            quantization -> {
              throw new UnusableFileException(
                  ("The weights of %s are quantized already (%s); take the original checkpoint,"
                          + " with weights in F32, F16 or BF16.")
                      .formatted(
                          json.path().getParent(),
                          quantization.path("quant_method").asText("quantization_config")));
            });
  }

  private static float epsilon(JsonFile json, Architecture architecture) {
    float epsilon = (float) json.number("rms_norm_eps").orElse(architecture.defaultRmsNormEps());
    if (!(epsilon >= 0 && epsilon <= Float.MAX_VALUE)) {
      throw json.wrong("rms_norm_eps", "a number of 0 or more", json.root().path("rms_norm_eps"));
    }
    return epsilon;
  }
}
