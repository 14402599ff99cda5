package dev.ovchat.cache;

import dev.ovchat.config.GenerationException;
import dev.ovchat.openvino.CompiledModel;
import dev.ovchat.system.SystemMemory;
import dev.ovchat.text.TokenIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Rows of a {@link PagedCache}, all of which are read at once. */
final class PagedSession implements CausalSession {
  private static final int[] NONE = {};

  private final PagedCache cache;
  private List<PagedSequence> rows;
  private int wanted;

  /** An empty cache with that many rows, which may take half of the memory that is free. */
  PagedSession(CompiledModel model, int rows) {
    cache = new PagedCache(model, SystemMemory.here().free().orElse(Long.MAX_VALUE) / 2);
    this.rows = IntStream.range(0, rows).mapToObj(row -> cache.begin(NONE)).toList();
  }

  @Override
  public boolean read(int[][] tokens, int wanted, BooleanSupplier isCancelled) {
    this.wanted = wanted;
    List<PagedRead> reads = new ArrayList<>();
    for (int row = 0; row < tokens.length; row++) {
      if (!cache.reserve(rows.get(row), tokens[row].length)) {
        throw new GenerationException(
            String.format(
                Locale.ROOT,
                "The KV cache of %d rows does not fit half of the free memory; ask for fewer or shorter"
                    + " answers.",
                rows.size()));
      }
      reads.add(new PagedRead(rows.get(row), TokenIds.of(tokens[row]), wanted));
    }
    return cache.read(reads, isCancelled);
  }

  @Override
  public float[] logits(int row, int index) {
    return cache.logits(row * wanted + index);
  }

  @Override
  public void keep(int[] chosen) {
    if (Arrays.equals(chosen, IntStream.range(0, rows.size()).toArray())) {
      return;
    }
    List<PagedSequence> before = rows;
    rows = Arrays.stream(chosen).mapToObj(row -> cache.copy(before.get(row))).toList();
    before.forEach(cache::release);
  }

  @Override
  public void rollBack(int tokens) {
    cache.truncate(rows.get(0), rows.get(0).length() - tokens);
  }

  @Override
  public int positions() {
    return rows.get(0).length();
  }

  @Override
  public void close() {
    cache.close();
  }
}
