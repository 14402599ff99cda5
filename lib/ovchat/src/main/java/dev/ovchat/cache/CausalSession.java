package dev.ovchat.cache;

import dev.ovchat.openvino.CompiledModel;
import java.util.function.BooleanSupplier;

/**
 * Sequences in a causal language model's KV cache: reads tokens into it and gives the logits of the
 * tokens that follow. The cache has a row for each sequence.
 */
public interface CausalSession extends AutoCloseable {
  /** An empty cache with that many rows, laid out as the model takes it. */
  static CausalSession of(CompiledModel model, int rows) {
    return model.isPaged() ? new PagedSession(model, rows) : new PaddedSession(model, rows);
  }

  /**
   * Reads more tokens, which may take seconds for a prompt.
   *
   * @param tokens [rows][new tokens], one or more in each row
   * @param wanted the number of last tokens whose logits are asked for
   * @param isCancelled asked on the way
   * @return whether it was read to the end; if not, this session is of no more use
   */
  boolean read(int[][] tokens, int wanted, BooleanSupplier isCancelled);

  /**
   * The logits of the token that follows one of the tokens read last.
   *
   * @param index the index among the logits that were asked for, from 0
   * @return [vocabulary], overwritten by the next call
   */
  float[] logits(int row, int index);

  /**
   * Takes other rows of the cache for all that follows: one may be left out, or come several times.
   * Nothing happens where all stay as they are.
   *
   * @throws dev.ovchat.config.GenerationException if they do not, and the model cannot choose rows
   */
  void keep(int[] chosen);

  /** Takes the last tokens of the only row back. */
  void rollBack(int tokens);

  /**
   * Number of cache positions in each row. Where it is larger than the number of tokens, the others
   * are masked.
   */
  int positions();

  /** Frees the cache. */
  @Override
  void close();
}
