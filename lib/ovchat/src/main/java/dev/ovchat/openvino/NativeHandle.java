package dev.ovchat.openvino;

import java.lang.ref.Cleaner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.bytedeco.javacpp.Pointer;

/**
 * A native object that is freed exactly once: when its owner is closed, or after its owner became
 * unreachable, since a notebook cell that is run again forgets its old objects.
 */
final class NativeHandle<P extends Pointer> {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final AtomicInteger OPEN = new AtomicInteger();

  /** How long a load waits for what is unreachable to be freed. */
  private static final long RELEASE_TIMEOUT_MS = 500;

  private final P pointer;
  private final String name;
  private final Cleaner.Cleanable cleanable;
  private boolean closed;

  /**
   * @param owner the object whose reachability keeps the native one alive
   * @param name what the owner is called in messages
   * @param free frees the native object; must not refer to the owner
   */
  NativeHandle(Object owner, String name, P pointer, Consumer<P> free) {
    this.pointer = pointer;
    this.name = name;
    OPEN.incrementAndGet();
    this.cleanable = CLEANER.register(owner, new Release<>(pointer, free));
  }

  /** The native object. Callers hold the owner's lock, so that it is not closed in between. */
  P get() {
    if (closed) {
      throw new IllegalStateException(
          "This " + name + " is closed. Run the cell that makes it again.");
    }
    return pointer;
  }

  void close() {
    closed = true;
    cleanable.clean();
  }

  /**
   * Frees the native objects whose owners are unreachable. The heap of an idle notebook hardly
   * grows, so left to itself the garbage collector would not run and gigabytes of weights would
   * stay.
   */
  static void releaseUnreachable() {
    if (open() == 0) {
      return;
    }
    CountDownLatch collected = new CountDownLatch(1);
    CLEANER.register(new Object(), collected::countDown);
    System.gc();
    try {
      // The cleaner works one by one: once it has reached this entry the collection is over. The
      // second entry waits behind those that the same collection found.
      collected.await(RELEASE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many native objects of all owners are open now. */
  static int open() {
    return OPEN.get();
  }

  private record Release<P extends Pointer>(P pointer, Consumer<P> free) implements Runnable {
    @Override
    public void run() {
      free.accept(pointer);
      pointer.setNull();
      OPEN.decrementAndGet();
    }
  }
}
