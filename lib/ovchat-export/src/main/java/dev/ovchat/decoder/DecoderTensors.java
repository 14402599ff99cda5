package dev.ovchat.decoder;

import dev.ovchat.checkpoint.CheckpointTensor;
import dev.ovchat.checkpoint.CheckpointTensors;
import dev.ovchat.checkpoint.EqualTensors;
import dev.ovchat.files.Excerpt;
import dev.ovchat.files.UnusableFileException;
import java.util.List;
import java.util.Optional;

/**
 * The weights of a decoder, found in its checkpoint as transformers 5 finds them.
 *
 * <p>{@code tie_word_embeddings} says that lm_head and the embedding are one matrix. The checkpoint
 * may then hold it under either name. Where it holds both, with different weights, transformers
 * does not tie them, whatever the config says; nor does this class.
 */
public final class DecoderTensors {
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final String HEAD = "lm_head.weight";

  private final CheckpointTensors checkpoint;
  private final TensorNames names;
  private final boolean isTied;

  private DecoderTensors(CheckpointTensors checkpoint, TensorNames names, boolean isTied) {
    this.checkpoint = checkpoint;
    this.names = names;
    this.isTied = isTied;
  }

  /**
   * Finds the tensors of a checkpoint. Weights that may be tied are compared.
   *
   * @param tieWordEmbeddings the value in config.json
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public static DecoderTensors of(CheckpointTensors checkpoint, boolean tieWordEmbeddings)
      throws InterruptedException {
    TensorNames names = new TensorNames(checkpoint.names());
    Optional<String> embedding = names.of(EMBEDDING);
    Optional<String> head = names.of(HEAD);
    boolean bothAreThere = embedding.isPresent() && head.isPresent();
    boolean isTied =
        tieWordEmbeddings
            && (!bothAreThere
                || EqualTensors.areEqual(
                    checkpoint, checkpoint.get(embedding.get()), checkpoint.get(head.get())));
    return new DecoderTensors(checkpoint, names, isTied);
  }

  /**
   * Returns the location of a weight.
   *
   * @param weight the name in transformers' code, for instance {@code model.norm.weight}
   * @throws UnusableFileException if it is not there, or its type cannot be exported
   */
  public CheckpointTensor get(String weight) {
    boolean isOneOfTwo = isTied && List.of(EMBEDDING, HEAD).contains(weight);
    return (isOneOfTwo ? names.of(EMBEDDING).or(() -> names.of(HEAD)) : names.of(weight))
        .map(checkpoint::get)
        .orElseGet(
            () -> {
              refuse(weight);
              return checkpoint.get(weight); // says that it is not there
            });
  }

  /** Throws an exception for a missing weight if more can be said than that it is missing. */
  private void refuse(String weight) {
    if (checkpoint.isNamedInVain(weight)) {
      return;
    }
    Optional<String> other = names.underAnotherPrefix(weight);
    if (other.isPresent()) {
      throw missing(
          weight
              + " but "
              + Excerpt.of(other.get())
              + ", which transformers does not take for it either; take the checkpoint of the text"
              + " model alone, or one that names its tensors as transformers does.");
    }
    if (isTied && List.of(EMBEDDING, HEAD).contains(weight)) {
      throw missing(
          EMBEDDING
              + " and no "
              + HEAD
              + ", of which it has to have one, since config.json sets tie_word_embeddings; copy"
              + " all of the weights from where the model comes from.");
    }
    if (weight.equals(HEAD)) {
      throw missing(
          HEAD
              + ", and config.json does not set tie_word_embeddings, so the embedding cannot serve"
              + " as lm_head.weight; take a checkpoint of a model for text generation, or the"
              + " config.json that belongs to it.");
    }
  }

  private UnusableFileException missing(String what) {
    return new UnusableFileException(
        "The checkpoint %s has no tensor %s".formatted(checkpoint.path(), what));
  }
}
