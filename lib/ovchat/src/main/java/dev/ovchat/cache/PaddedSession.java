package dev.ovchat.cache;

import dev.ovchat.openvino.CompiledModel;
import dev.ovchat.openvino.InferenceSession;
import dev.ovchat.openvino.InputTensor;
import dev.ovchat.openvino.IrModel;
import dev.ovchat.openvino.OutputTensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Sequences in a KV cache that is a state of the inference session, as optimum-intel has it.
 *
 * <p>Each row has the same number of positions, one for each token. A position may be masked: the
 * attention mask hides its token from all that follow. That is how short prompts are padded, on the
 * left, and how tokens are taken back.
 *
 * <p>The inputs, as optimum-intel's export names them: {@code input_ids} [rows, new tokens], {@code
 * attention_mask} [rows, cache positions], {@code position_ids} [rows, new tokens] and {@code
 * beam_idx} [rows]. Where the graph could be edited so, {@code logit_positions} [rows, wanted, 1]
 * asks for the logits of the wanted last tokens alone.
 */
final class PaddedSession implements CausalSession {
  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";
  private static final String POSITIONS = "position_ids";
  private static final String BEAM = "beam_idx";

  /** The inputs that a text generation model with a cache has, before its graph is edited. */
  static final Set<String> INPUTS = Set.of(IDS, MASK, POSITIONS, BEAM);

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
  PaddedSession(CompiledModel model, int batch) {
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

  @Override
  public boolean read(int[][] tokens, int wanted, BooleanSupplier isCancelled) {
    place(tokens, wanted);
    boolean done = session.infer(isCancelled);
    if (done) { // else the model still reads its inputs
      goOnFromEachRow();
    }
    return done;
  }

  @Override
  public float[] logits(int row, int index) {
    return logits.row(row * logitRows + logitRows - wanted + index);
  }

  @Override
  public void keep(int[] chosen) {
    if (Arrays.equals(chosen, IntStream.range(0, rows.length).toArray())) {
      return;
    }
    goOnFrom(chosen);
    this.chosen = true;
    rows = Arrays.stream(chosen).mapToObj(row -> rows[row].copy()).toArray(CacheRow[]::new);
    stale = 0;
  }

  /** {@inheritDoc} Their positions are masked from now on. */
  @Override
  public void rollBack(int tokens) {
    stale = Math.min(stale, rows[0].rollBack(tokens, positions));
  }

  @Override
  public int positions() {
    return positions;
  }

  @Override
  public boolean takesBackWholly() {
    return false;
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
