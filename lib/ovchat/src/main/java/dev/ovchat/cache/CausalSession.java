package dev.ovchat.cache;

import dev.ovchat.config.GenerationException;
import dev.ovchat.openvino.CompiledModel;
import dev.ovchat.openvino.InferenceSession;
import dev.ovchat.openvino.InputTensor;
import dev.ovchat.openvino.IrModel;
import dev.ovchat.openvino.OutputTensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Sequences in a causal language model's KV cache: reads tokens into it and gives the logits of the
 * tokens that follow.
 *
 * <p>The cache has a row for each sequence, and in each row the same number of positions, one for
 * each token. A cache position may be masked: the attention mask hides its token from all that
 * follow. That is how short prompts are padded, and how tokens are taken back.
 *
 * <p>The inputs, as optimum-intel's export names them: {@code input_ids} [rows, new tokens], {@code
 * attention_mask} [rows, cache positions], {@code position_ids} [rows, new tokens] and {@code
 * beam_idx} [rows]. Where the graph could be edited so, {@code logit_positions} [rows, wanted, 1]
 * asks for the logits of the wanted last tokens alone.
 */
public final class CausalSession implements AutoCloseable {
  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";
  private static final String POSITIONS = "position_ids";
  private static final String BEAM = "beam_idx";
  private static final Set<String> INPUTS = Set.of(IDS, MASK, POSITIONS, BEAM);

  private final InferenceSession session;
  private final InputTensor ids;
  private final InputTensor mask;
  private final InputTensor positionIds;
  private final InputTensor beams;
  private final Optional<InputTensor> logitPositions;
  private final OutputTensor logits;

  private CacheRow[] rows;
  private int positions;
  private boolean chosen; // rows, for the next read

  /** The first cache position whose value in the mask's tensor may be stale. */
  private int stale;

  private int wanted;
  private int logitRows; // of each sequence, in the output

  /** An empty cache with that many rows. */
  public CausalSession(CompiledModel model, int batch) {
    session = model.newSession();
    ids = session.input(IDS);
    mask = session.input(MASK);
    positionIds = session.input(POSITIONS);
    beams = session.input(BEAM);
    logits = session.output("logits");
    logitPositions =
        model.inputNames().contains(IrModel.LOGIT_POSITIONS)
            ? Optional.of(session.input(IrModel.LOGIT_POSITIONS))
            : Optional.empty();
    rows = IntStream.range(0, batch).mapToObj(row -> new CacheRow()).toArray(CacheRow[]::new);
    goOnFrom(IntStream.range(0, batch).toArray());
  }

  /** Refuses a model that does not take what a causal language model's export takes. */
  public static void requireInputs(List<String> inputNames) {
    Set<String> own = new HashSet<>(inputNames);
    own.remove(IrModel.LOGIT_POSITIONS);
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
   * Reads more tokens, which may take seconds for a prompt.
   *
   * @param tokens [rows][new tokens]; shorter rows are padded on the left
   * @param wanted the number of last tokens whose logits are asked for
   * @param isCancelled asked on the way
   * @return whether it was read to the end; if not, this session is of no more use
   */
  public boolean read(int[][] tokens, int wanted, BooleanSupplier isCancelled) {
    place(tokens, wanted);
    boolean done = session.infer(isCancelled);
    if (done) { // else the model still reads its inputs
      goOnFromEachRow();
    }
    return done;
  }

  /**
   * The logits of the token that follows one of the tokens read last.
   *
   * @param index the index among the logits that were asked for, from 0
   * @return [vocabulary], overwritten by the next call
   */
  public float[] logits(int row, int index) {
    return logits.row(row * logitRows + logitRows - wanted + index);
  }

  /**
   * Takes other rows of the cache for all that follows: one may be left out, or come several times.
   * Nothing happens where all stay as they are.
   */
  public void keep(int[] chosen) {
    if (Arrays.equals(chosen, IntStream.range(0, rows.length).toArray())) {
      return;
    }
    goOnFrom(chosen);
    this.chosen = true;
    rows = Arrays.stream(chosen).mapToObj(row -> rows[row].copy()).toArray(CacheRow[]::new);
    stale = 0;
  }

  /** Takes the last tokens of the only row back: their cache positions are masked from now on. */
  void rollBack(int tokens) {
    stale = Math.min(stale, rows[0].rollBack(tokens, positions));
  }

  /** Number of cache positions in each row, masked ones included. */
  int positions() {
    return positions;
  }

  private void place(int[][] tokens, int wanted) {
    int width = Arrays.stream(tokens).mapToInt(row -> row.length).max().orElseThrow();
    ids.reshape(rows.length, width);
    positionIds.reshape(rows.length, width);
    for (int row = 0; row < rows.length; row++) {
      place(row, width, tokens[row]);
    }
    positions += width;
    placeMasks();
    this.wanted = wanted;
    logitRows = width;
    logitPositions.ifPresent(input -> askFor(input, width));
  }

  private void place(int row, int width, int[] tokens) {
    int padding = width - tokens.length;
    rows[row].append(padding, tokens.length, positions);
    int first = rows[row].length() - tokens.length;
    for (int i = 0; i < width; i++) {
      boolean isPadding = i < padding;
      ids.put(row * width + i, isPadding ? 0 : tokens[i - padding]);
      positionIds.put(row * width + i, isPadding ? 0 : first + i - padding);
    }
  }

  /**
   * Writes the masks. With one row the tensor keeps its values, and only the new ones have to be
   * written.
   */
  private void placeMasks() {
    mask.reshape(rows.length, positions);
    if (rows.length == 1) {
      mask.put(stale, rows[0].mask(), stale, positions - stale);
      stale = positions;
    } else {
      for (int row = 0; row < rows.length; row++) {
        mask.put(row * positions, rows[row].mask(), 0, positions);
      }
    }
  }

  private void askFor(InputTensor input, int width) {
    input.reshape(rows.length, wanted, 1);
    for (int i = 0; i < rows.length * wanted; i++) {
      input.put(i, width - wanted + i % wanted);
    }
    logitRows = wanted;
  }

  private void goOnFromEachRow() {
    if (chosen) {
      goOnFrom(IntStream.range(0, rows.length).toArray());
      chosen = false;
    }
  }

  private void goOnFrom(int[] chosen) {
    beams.reshape(chosen.length);
    for (int row = 0; row < chosen.length; row++) {
      beams.put(row, chosen[row]);
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
