package dev.ovchat.cache;

import dev.ovchat.openvino.CacheBlocks;
import dev.ovchat.openvino.CompiledModel;
import dev.ovchat.openvino.InferenceSession;
import dev.ovchat.openvino.InputTensor;
import dev.ovchat.openvino.IrModel;
import dev.ovchat.openvino.OutputTensor;
import dev.ovchat.openvino.PagedAttention;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/**
 * A KV cache in blocks, for a model with paged attention. Any number of sequences are in it, each
 * as long as it is, and one inference reads tokens of any of them, without padding.
 *
 * <pre>{@code
 * PagedSequence first = cache.begin(prompt);   // what other sequences began with is in it already
 * …
 * cache.read(List.of(new PagedRead(first, rest, 1), new PagedRead(second, token, 1)), () -> false);
 * cache.publish(first);                         // for those that begin like it
 * float[] logits = cache.logits(0);            // those asked for, one after the other
 * }</pre>
 *
 * <p>A copy of a sequence shares its blocks, until one of the two changes them. Tokens that are
 * taken back leave nothing behind, so that this is exact for every model.
 *
 * <p>For one thread at a time.
 */
public final class PagedCache implements AutoCloseable {
  private static final int FIRST_COUNT = 16; // of blocks; they grow by doubling

  private final InferenceSession session;
  private final CacheBlocks blocks;
  private final BlockPool pool;
  private final int tokensPerBlock;

  private final InputTensor ids;
  private final InputTensor positions;
  private final InputTensor pastLengths;
  private final InputTensor begins;
  private final InputTensor blockIndices;
  private final InputTensor blockBegins;
  private final InputTensor longest;
  private final Optional<InputTensor> logitPositions;
  private final OutputTensor logits;
  private int[] logitRows = {};

  /**
   * An empty cache.
   *
   * @param mostBytes the maximum size of its blocks, in bytes; one block is allowed in any case
   */
  public PagedCache(CompiledModel model, long mostBytes) {
    session = model.newSession();
    blocks = model.newCacheBlocks(session);
    tokensPerBlock = blocks.tokensPerBlock();
    long most = Math.max(1, mostBytes / blocks.bytesPerBlock());
    pool = new BlockPool((int) Math.min(Integer.MAX_VALUE / tokensPerBlock, most));
    pool.growTo(blocks.count());
    ids = session.input("input_ids");
    positions = session.input("position_ids");
    pastLengths = session.input("past_lens");
    begins = session.input("subsequence_begins");
    blockIndices = session.input(PagedAttention.BLOCK_INDICES);
    blockBegins = session.input("block_indices_begins");
    longest = session.input("max_context_len").scalar();
    logitPositions =
        model.inputNames().contains(IrModel.LOGIT_POSITIONS)
            ? Optional.of(session.input(IrModel.LOGIT_POSITIONS))
            : Optional.empty();
    logits = session.output("logits");
  }

  /** The maximum number of tokens that it holds, if one sequence has them all. */
  public long mostTokens() {
    return (long) pool.most() * tokensPerBlock;
  }

  /**
   * Begins a sequence. Blocks that hold the same tokens, and were published, are taken over.
   *
   * @param tokens the tokens that it will have; all but the last may be in it already
   * @return the sequence, with the first {@link PagedSequence#length()} of the tokens
   */
  public PagedSequence begin(int[] tokens) {
    var sequence = new PagedSequence();
    for (int end = tokensPerBlock; end < tokens.length; end += tokensPerBlock) {
      int[] content = Arrays.copyOfRange(tokens, end - tokensPerBlock, end);
      OptionalInt found =
          pool.find(sequence.lastPublication(), Arrays.stream(content).boxed().toList());
      if (found.isEmpty()) {
        break;
      }
      pool.retain(found.getAsInt());
      sequence.addBlock(found.getAsInt());
      sequence.addPublication(pool.publication(found.getAsInt()));
      sequence.append(content);
    }
    return sequence;
  }

  /** A copy of a sequence, which goes on by itself. */
  public PagedSequence copy(PagedSequence sequence) {
    for (int i = 0; i < sequence.blockCount(); i++) {
      pool.retain(sequence.block(i));
    }
    return sequence.copy();
  }

  /** Takes the last tokens of a sequence back. */
  public void truncate(PagedSequence sequence, int length) {
    sequence.truncate(length, tokensPerBlock);
    while (sequence.blockCount() > blocksFor(length)) {
      pool.release(sequence.removeLastBlock());
    }
  }

  /** Gives a sequence's blocks back. It is empty then. */
  public void release(PagedSequence sequence) {
    truncate(sequence, 0);
  }

  /**
   * Tests whether there are blocks for a sequence to become longer.
   *
   * @param more the number of tokens that it will be read
   * @param spare blocks that are left for others
   */
  public boolean hasRoomFor(PagedSequence sequence, int more, int spare) {
    int wanted = blocksFor(sequence.length() + more) - sequence.blockCount();
    return (long) wanted + spare <= pool.available();
  }

  /**
   * Takes the blocks that a sequence needs to become longer.
   *
   * @param more the number of tokens that it will be read
   * @return whether there are enough; if not, it keeps the blocks that it got
   */
  public boolean reserve(PagedSequence sequence, int more) {
    if (sequence.length() % tokensPerBlock > 0 && !makeOwn(sequence, sequence.blockCount() - 1)) {
      return false;
    }
    while (sequence.blockCount() < blocksFor(sequence.length() + more)) {
      OptionalInt taken = take();
      if (taken.isEmpty()) {
        return false;
      }
      sequence.addBlock(taken.getAsInt());
    }
    return true;
  }

  /** Makes sure that a block may be written to, by a copy where others use it as well. */
  private boolean makeOwn(PagedSequence sequence, int index) {
    int block = sequence.block(index);
    if (!pool.isShared(block)) {
      pool.withdraw(block);
      return true;
    }
    OptionalInt copy = take();
    copy.ifPresent(
        own -> {
          blocks.copy(block, own);
          sequence.setBlock(index, own);
          pool.release(block);
        });
    return copy.isPresent();
  }

  private OptionalInt take() {
    OptionalInt taken = pool.take();
    if (taken.isPresent() || pool.count() >= pool.most()) {
      return taken;
    }
    int wanted = (int) Math.min(pool.most(), Math.max(FIRST_COUNT, 2L * pool.count()));
    blocks.resize(wanted);
    pool.growTo(wanted);
    return pool.take();
  }

  private int blocksFor(int tokens) {
    return (tokens + tokensPerBlock - 1) / tokensPerBlock;
  }

  /**
   * Reads tokens of several sequences at once.
   *
   * @param reads one or more, each of another sequence, for which blocks were reserved
   * @param isCancelled asked on the way
   * @return whether it was read to the end; if not, this cache is of no more use
   */
  public boolean read(List<PagedRead> reads, BooleanSupplier isCancelled) {
    place(reads);
    if (!session.infer(isCancelled)) {
      return false;
    }
    for (PagedRead read : reads) {
      read.sequence().append(read.tokens().toArray());
    }
    return true;
  }

  private void place(List<PagedRead> reads) {
    int tokens = reads.stream().mapToInt(read -> read.tokens().size()).sum();
    int blockCount = reads.stream().mapToInt(read -> read.sequence().blockCount()).sum();
    ids.reshape(tokens);
    positions.reshape(tokens);
    pastLengths.reshape(reads.size());
    begins.reshape(reads.size() + 1);
    blockIndices.reshape(blockCount);
    blockBegins.reshape(reads.size() + 1);
    int token = 0;
    int block = 0;
    int most = 0;
    for (int i = 0; i < reads.size(); i++) {
      PagedSequence sequence = reads.get(i).sequence();
      begins.put(i, token);
      blockBegins.put(i, block);
      pastLengths.put(i, sequence.length());
      int position = sequence.length();
      for (int id : reads.get(i).tokens().toArray()) {
        ids.put(token, id);
        positions.put(token++, position++);
      }
      for (int index = 0; index < sequence.blockCount(); index++) {
        blockIndices.put(block++, sequence.block(index));
      }
      most = Math.max(most, position);
    }
    begins.put(reads.size(), token);
    blockBegins.put(reads.size(), block);
    longest.put(0, most);
    placeLogits(reads);
  }

  /** Asks for the logits that are wanted; an inference without any asks for one. */
  private void placeLogits(List<PagedRead> reads) {
    int[] rows = new int[Math.max(1, reads.stream().mapToInt(PagedRead::wanted).sum())];
    int row = 0;
    int end = 0;
    for (PagedRead read : reads) {
      end += read.tokens().size();
      for (int token = end - read.wanted(); token < end; token++) {
        rows[row++] = token;
      }
    }
    logitRows = rows;
    logitPositions.ifPresent(
        input -> {
          input.reshape(rows.length, 1);
          for (int i = 0; i < rows.length; i++) {
            input.put(i, rows[i]);
            rows[i] = i;
          }
        });
  }

  /**
   * The logits [vocabulary] of the token that follows one of those that were asked for.
   *
   * @param index the index among them, in the order of the reads, from 0
   * @return overwritten by the next call
   */
  public float[] logits(int index) {
    return logits.row(logitRows[index]);
  }

  /** Lets sequences that begin later take over the blocks that this one has filled. */
  public void publish(PagedSequence sequence) {
    for (int i = sequence.publishedCount(); i < sequence.length() / tokensPerBlock; i++) {
      List<Integer> content = sequence.tokensOf(i, tokensPerBlock);
      sequence.addPublication(pool.publish(sequence.block(i), sequence.lastPublication(), content));
    }
  }

  /** Frees the cache; an inference that was cancelled and still runs keeps it until it is over. */
  @Override
  public void close() {
    session.close();
    blocks.close();
  }
}
