package dev.ovchat.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BlockPoolTest {
  private static final List<Integer> ONE = List.of(1, 2, 3);
  private static final List<Integer> TWO = List.of(4, 5, 6);

  private final BlockPool pool = new BlockPool(3);

  private int take() {
    return pool.take().orElseThrow();
  }

  @Test
  void givesEachBlockToOneUserUntilThereIsNone() {
    assertThat(pool.take()).isEmpty(); // there is no memory yet
    assertThat(pool.available()).isEqualTo(3);
    pool.growTo(2);
    assertThat(List.of(take(), take())).containsExactlyInAnyOrder(0, 1);
    assertThat(pool.take()).isEmpty();
    assertThat(pool.available()).isEqualTo(1);
    pool.growTo(3);
    assertThat(take()).isEqualTo(2);
    pool.release(1);
    assertThat(take()).isEqualTo(1);
  }

  @Test
  void aBlockIsFreeWhenItsLastUserHasGone() {
    pool.growTo(1);
    int block = take();
    pool.retain(block);
    assertThat(pool.isShared(block)).isTrue();
    pool.release(block);
    assertThat(pool.isShared(block)).isFalse();
    assertThat(pool.take()).isEmpty();
    pool.release(block);
    assertThat(pool.take()).hasValue(block);
  }

  @Test
  void findsABlockByItsTokensAndByWhatIsBefore() {
    pool.growTo(3);
    int first = take();
    int second = take();
    long publication = pool.publish(first, BlockPool.NOTHING_BEFORE, ONE);
    long after = pool.publish(second, publication, ONE);
    assertThat(pool.find(BlockPool.NOTHING_BEFORE, ONE)).hasValue(first);
    assertThat(pool.find(publication, ONE)).hasValue(second);
    assertThat(pool.find(publication, TWO)).isEmpty();
    assertThat(pool.find(after, ONE)).isEmpty();
    int equal = take();
    assertThat(pool.publish(equal, BlockPool.NOTHING_BEFORE, ONE)).isEqualTo(publication);
    assertThat(pool.find(BlockPool.NOTHING_BEFORE, ONE)).hasValue(first);
  }

  @Test
  void whatNobodyUsesIsFoundUntilItsPlaceIsNeeded() {
    pool.growTo(2);
    int first = take();
    int second = take();
    pool.publish(first, BlockPool.NOTHING_BEFORE, ONE);
    pool.publish(second, BlockPool.NOTHING_BEFORE, TWO);
    pool.release(second);
    pool.release(first);
    pool.retain(second); // found by somebody, and so used later than the first
    pool.release(second);
    assertThat(take()).isEqualTo(first);
    assertThat(pool.find(BlockPool.NOTHING_BEFORE, ONE)).isEmpty();
    assertThat(pool.find(BlockPool.NOTHING_BEFORE, TWO)).hasValue(second);
    assertThat(pool.available()).isEqualTo(2);
  }

  @Test
  void aBlockThatIsWrittenToIsNotFound() {
    pool.growTo(1);
    int block = take();
    pool.publish(block, BlockPool.NOTHING_BEFORE, ONE);
    pool.withdraw(block);
    assertThat(pool.find(BlockPool.NOTHING_BEFORE, ONE)).isEmpty();
    pool.release(block);
    assertThat(pool.take()).hasValue(block);
  }
}
