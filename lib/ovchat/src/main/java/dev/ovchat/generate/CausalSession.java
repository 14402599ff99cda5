package dev.ovchat.generate;

import dev.ovchat.checkpoint.Topology;
import dev.ovchat.openvino.CompiledModel;
import dev.ovchat.openvino.InferenceSession;
import dev.ovchat.openvino.InputTensor;
import dev.ovchat.openvino.OutputTensor;
import dev.ovchat.text.TokenIds;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * One sequence in a causal language model: reads tokens into the KV cache and gives the logits of
 * the token that follows.
 *
 * <p>The inputs, as optimum-intel's export names them: {@code input_ids} [1, new tokens], {@code
 * attention_mask} [1, all tokens], {@code position_ids} [1, new tokens] and {@code beam_idx} [1].
 * Where the graph could be edited so, {@code logit_positions} [1, 1, 1] asks for the last row
 * alone.
 */
final class CausalSession implements AutoCloseable {
  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";
  private static final String POSITIONS = "position_ids";
  private static final String BEAM = "beam_idx";
  private static final Set<String> INPUTS = Set.of(IDS, MASK, POSITIONS, BEAM);

  private final InferenceSession session;
  private final InputTensor ids;
  private final InputTensor mask;
  private final InputTensor positions;
  private final OutputTensor logits;
  private final Optional<InputTensor> logitPositions;
  private int length;

  CausalSession(CompiledModel model) {
    session = model.newSession();
    ids = session.input(IDS);
    mask = session.input(MASK);
    positions = session.input(POSITIONS);
    logits = session.output("logits");
    // Which row of the cache each row goes on from: with one sequence, always its own.
    session.input(BEAM).reshape(1).put(0, 0);
    // One row at a time is wanted, so only its place changes.
    logitPositions =
        model.inputNames().contains(Topology.LOGIT_POSITIONS)
            ? Optional.of(session.input(Topology.LOGIT_POSITIONS).reshape(1, 1, 1))
            : Optional.empty();
  }

  /** Refuses a model that does not take what a causal language model's export takes. */
  static void requireInputs(List<String> inputNames) {
    Set<String> own = new HashSet<>(inputNames);
    own.remove(Topology.LOGIT_POSITIONS);
    if (!own.equals(INPUTS)) {
      throw new GenerationException(
          """
          The model takes the inputs %s, but a text generation model with a cache takes input_ids, \
          attention_mask, position_ids and beam_idx. \
          Export it with --task text-generation-with-past."""
              .formatted(own));
    }
  }

  /**
   * Reads a whole prompt, which may take seconds.
   *
   * @param givesUp asked on the way
   * @return logits [vocabulary] of the token that follows, overwritten by the next call; empty if
   *     it was given up, and then this session is of no more use
   */
  Optional<float[]> read(TokenIds prompt, BooleanSupplier givesUp) {
    reshape(prompt.size());
    for (int i = 0; i < prompt.size(); i++) {
      place(i, prompt.get(i));
    }
    return session.infer(givesUp) ? Optional.of(logits.lastRow()) : Optional.empty();
  }

  /**
   * Reads one more token.
   *
   * @return logits [vocabulary] of the token that follows; overwritten by the next call
   */
  float[] read(int id) {
    reshape(1);
    place(0, id);
    session.infer();
    return logits.lastRow();
  }

  private void reshape(int newTokens) {
    ids.reshape(1, newTokens);
    positions.reshape(1, newTokens);
    mask.reshape(1, length + newTokens);
    if (logitPositions.isPresent()) {
      logitPositions.get().put(0, newTokens - 1);
    }
  }

  private void place(int index, int id) {
    ids.put(index, id);
    positions.put(index, length);
    mask.put(length, 1);
    length++;
  }

  @Override
  public void close() {
    session.close();
  }
}
