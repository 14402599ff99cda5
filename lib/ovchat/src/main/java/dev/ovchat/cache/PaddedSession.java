package dev.ovchat.cache;

import dev.ovchat.config.GenerationException;
import dev.ovchat.openvino.CompiledModel;
import dev.ovchat.openvino.InferenceSession;
import dev.ovchat.openvino.InputTensor;
import dev.ovchat.openvino.IrModel;
import dev.ovchat.openvino.OutputTensor;
import java.util.Arrays;
import java.util.Locale;
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
 * attention_mask} [rows, cache positions], {@code position_ids} and {@code token_type_ids} [rows,
 * new tokens] and {@code beam_idx} [rows]. Not every model has all of them, see {@link
 * CacheTraits}. Where the graph could be edited so, {@code logit_positions} [rows, wanted, 1] asks
 * for the logits of the wanted last tokens alone.
 */
final class PaddedSession implements CausalSession {
  static final String IDS = "input_ids";
  static final String MASK = "attention_mask";
  static final String POSITIONS = "position_ids";
  static final String BEAM = "beam_idx";
  private static final String TYPES = "token_type_ids";

  /** The inputs that a text generation model with a cache may have. All but the first may lack. */
  static final Set<String> INPUTS =
      Set.of(IDS, MASK, POSITIONS, BEAM, TYPES, IrModel.LOGIT_POSITIONS);

  private final InferenceSession session;
  private final InputTensor ids;
  private final Optional<InputTensor> mask;
  private final Optional<InputTensor> positionIds;
  private final Optional<InputTensor> types;
  private final Optional<InputTensor> beams;
  private final Optional<InputTensor> logitPositions;
  private final OutputTensor logits;

  private CacheRow[] rows;
  private int positions;
  private boolean chosen; // rows, for the next read

  /** The first cache position whose value in the mask's tensor may be stale. */
  private int stale;

  private int wanted;

  /** Rows of logits of each sequence in the output: of all tokens, of those wanted, or of fewer. */
  private int logitRows;

  /** An empty cache with that many rows. */
  PaddedSession(CompiledModel model, int batch) {
    session = model.newSession();
    ids = session.input(IDS);
    mask = input(model, MASK);
    positionIds = input(model, POSITIONS);
    types = input(model, TYPES);
    beams = input(model, BEAM);
    logits = session.output("logits");
    logitPositions = input(model, IrModel.LOGIT_POSITIONS);
    rows = IntStream.range(0, batch).mapToObj(row -> new CacheRow()).toArray(CacheRow[]::new);
    goOnFrom(IntStream.range(0, batch).toArray());
  }

  private Optional<InputTensor> input(CompiledModel model, String name) {
    return model.inputNames().contains(name) ? Optional.of(session.input(name)) : Optional.empty();
  }

  @Override
  public boolean read(int[][] tokens, int wanted, BooleanSupplier isCancelled) {
    place(tokens, wanted);
    boolean done = session.infer(isCancelled);
    if (done) { // else the model still reads its inputs
      logitRows = logits.rows() / rows.length;
      goOnFromEachRow();
    }
    return done;
  }

  @Override
  public float[] logits(int row, int index) {
    if (logitRows < wanted - index) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              """
              The model's graph gives logits for the last of the tokens that it reads alone, and those of the last %d are \
              needed: to score a text, to check a draft, for tokens that a response format forces, or for a batch. \
              Generate without these, or export the model by ./scripts/export.""",
              wanted - index));
    }
    return logits.row(row * logitRows + logitRows - wanted + index);
  }

  @Override
  public void keep(int[] chosen) {
    if (Arrays.equals(chosen, IntStream.range(0, rows.length).toArray())) {
      return;
    }
    if (beams.isEmpty()) {
      throw new GenerationException(
          "The model has no input beam_idx, by which the rows of its cache are chosen. Set numBeams"
              + " and numReturnSequences to 1.");
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

  private void place(int[][] tokens, int wanted) {
    int width = Arrays.stream(tokens).mapToInt(row -> row.length).max().orElseThrow();
    ids.reshape(rows.length, width);
    positionIds.ifPresent(input -> input.reshape(rows.length, width));
    types.ifPresent(input -> fillWithZeros(input, width));
    for (int row = 0; row < rows.length; row++) {
      place(row, width, tokens[row]);
    }
    positions += width;
    mask.ifPresent(this::placeMasks);
    this.wanted = wanted;
    logitPositions.ifPresent(input -> askFor(input, width));
  }

  private void place(int row, int width, int[] tokens) {
    int padding = width - tokens.length;
    rows[row].append(padding, tokens.length, positions);
    int first = rows[row].length() - tokens.length;
    for (int i = 0; i < width; i++) {
      boolean isPadding = i < padding;
      ids.put(row * width + i, isPadding ? 0 : tokens[i - padding]);
    }
    if (positionIds.isPresent()) {
      for (int i = 0; i < width; i++) {
        positionIds.get().put(row * width + i, i < padding ? 0 : first + i - padding);
      }
    }
  }

  /** A text of one kind. */
  private void fillWithZeros(InputTensor input, int width) {
    input.reshape(rows.length, width);
    for (int i = 0; i < rows.length * width; i++) {
      input.put(i, 0);
    }
  }

  /**
   * Writes the masks. With one row the tensor keeps its values, and only the new ones have to be
   * written.
   */
  private void placeMasks(InputTensor mask) {
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
  }

  private void goOnFromEachRow() {
    if (chosen) {
      goOnFrom(IntStream.range(0, rows.length).toArray());
      chosen = false;
    }
  }

  private void goOnFrom(int[] chosen) {
    beams.ifPresent(
        input -> {
          input.reshape(chosen.length);
          for (int row = 0; row < chosen.length; row++) {
            input.put(row, chosen[row]);
          }
        });
  }

  @Override
  public void close() {
    session.close();
  }
}
