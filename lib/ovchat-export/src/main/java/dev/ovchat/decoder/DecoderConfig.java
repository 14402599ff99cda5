package dev.ovchat.decoder;

import dev.ovchat.files.FileNames;
import dev.ovchat.files.JsonFile;
import dev.ovchat.files.UnusableFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
 * @param slidingWindows the sliding window of each layer, in tokens; empty where a layer has full
 *     attention
 * @param rope settings of the rotary position embedding
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
    List<Optional<Integer>> slidingWindows,
    RopeConfig rope) {
  /** Advice for a setting that the export does not know: a sentence with a leading space. */
  static final String OTHERWISE =
      " The documented command may know it: add --engine optimum to ./scripts/export.";

  /** A limit far above any real model (200). */
  private static final int MOST_LAYERS = 10_000;

  /** A limit far above any real model (256). */
  private static final int LARGEST_HEAD = 65_536;

  public DecoderConfig {
    slidingWindows = List.copyOf(slidingWindows);
  }

  /**
   * Reads a checkpoint's {@code config.json}.
   *
   * @throws UnusableFileException if it is not readable, of another architecture, or asks for
   *     something that the export does not know; the message says what
   */
  public static DecoderConfig read(Path checkpoint) {
    return of(JsonFile.read(checkpoint.resolve(FileNames.CONFIG)));
  }

  /**
   * Takes the settings out of the fields of a {@code config.json}.
   *
   * @throws UnusableFileException as {@link #read}
   */
  public static DecoderConfig of(JsonFile json) {
    Architecture architecture =
        Architecture.of(json)
            .orElseThrow(
                () ->
                    new UnusableFileException(
                        "%s is of the architecture %s; the export from Java knows %s.%s"
                            .formatted(
                                json.path(),
                                Architecture.modelType(json),
                                Architecture.names(),
                                DocumentedCommand.advice(Architecture.modelType(json)))));
    refuseWhatIsUnknown(json);
    int heads = json.size("num_attention_heads");
    int hidden = json.size("hidden_size");
    boolean attentionBias = json.truth("attention_bias", false);
    return new DecoderConfig(
        architecture,
        json.size("vocab_size"),
        hidden,
        json.size("intermediate_size"),
        sizeUpTo(json, "num_hidden_layers", MOST_LAYERS),
        heads,
        keyValueHeads(json, architecture, heads),
        headDim(json, architecture, hidden, heads),
        epsilon(json, architecture),
        json.truth("tie_word_embeddings", false),
        architecture.queryKeyValueBias(attentionBias),
        architecture.attentionOutputBias(attentionBias),
        architecture.feedForwardBias(json.truth("mlp_bias", false)),
        architecture.slidingWindows(json, json.size("num_hidden_layers")),
        RopeConfig.read(json, architecture));
  }

  private static void refuseWhatIsUnknown(JsonFile json) {
    String activation = json.text("hidden_act", "silu");
    if (!activation.equals("silu")) {
      throw new UnusableFileException(
          "%s asks for the activation %s; the export from Java knows silu.%s"
              .formatted(json.path(), activation, OTHERWISE));
    }
    json.value("quantization_config")
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

  /**
   * Reads a size with a limit: lists of this size are made before the weights show whether it is
   * right.
   */
  private static int sizeUpTo(JsonFile json, String field, int most) {
    int size = json.size(field);
    if (size > most) {
      throw json.wrong(field, "a number from 1 to " + most, json.root().path(field));
    }
    return size;
  }

  private static float epsilon(JsonFile json, Architecture architecture) {
    float epsilon = (float) json.number("rms_norm_eps").orElse(architecture.defaultRmsNormEps());
    if (!(epsilon >= 0 && epsilon <= Float.MAX_VALUE)) {
      throw json.wrong("rms_norm_eps", "a number of 0 or more", json.root().path("rms_norm_eps"));
    }
    return epsilon;
  }

  /** The number of key and value heads: that of the query heads where the field is null. */
  private static int keyValueHeads(JsonFile json, Architecture architecture, int heads) {
    String field = "num_key_value_heads";
    int otherwise = json.root().has(field) ? heads : architecture.defaultKeyValueHeads(heads);
    int keyValueHeads = json.value(field).isPresent() ? json.size(field) : otherwise;
    if (heads % keyValueHeads != 0) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              "%s: num_attention_heads, %d, is no multiple of num_key_value_heads, %d.",
              json.path(),
              heads,
              keyValueHeads));
    }
    return keyValueHeads;
  }

  private static int headDim(JsonFile json, Architecture architecture, int hidden, int heads) {
    if (json.value("head_dim").isPresent()) {
      return sizeUpTo(json, "head_dim", LARGEST_HEAD);
    }
    if (architecture.defaultHeadDim().isPresent()) {
      return architecture.defaultHeadDim().get();
    }
    if (hidden % heads != 0) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              "%s: hidden_size, %d, is no multiple of num_attention_heads, %d.",
              json.path(),
              hidden,
              heads));
    }
    return hidden / heads;
  }
}
