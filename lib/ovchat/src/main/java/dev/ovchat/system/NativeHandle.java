package dev.ovchat.system;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A native object that is freed exactly once: when its owner is closed, or after its owner became
 * unreachable, since a notebook cell that is run again forgets its old objects. It is the reference
 * by which the latter is noticed.
 */
public final class NativeHandle<P> extends PhantomReference<Object> {
  private static final Set<NativeHandle<?>> OPEN = ConcurrentHashMap.newKeySet();
  private static final ReferenceQueue<Object> UNREACHABLE = new ReferenceQueue<>();

  /** Time that the next unreachable owner may take to turn up after a collection. */
  private static final long TURN_UP_MS = 50;

  private final String name;
  private final P pointer;
  private final Consumer<P> free;

  /**
   * Takes charge of a native object.
   *
   * @param owner the object whose reachability keeps the native one alive
   * @param name the owner's name in messages
   * @param free frees the native object; must not refer to the owner
   */
  public NativeHandle(Object owner, String name, P pointer, Consumer<P> free) {
    super(owner, UNREACHABLE);
    this.name = name;
    this.pointer = pointer;
    this.free = free;
    OPEN.add(this);
    freeCollected(UNREACHABLE.poll());
  }

  /**
   * The native object. Callers hold the owner's lock, so that it is not closed in between.
   *
   * @throws IllegalStateException if it is freed
   */
  public P pointer() {
    if (!OPEN.contains(this)) {
      throw new IllegalStateException(
          "This " + name + " is closed. Make it again; in a notebook, run its cell again.");
    }
    return pointer;
  }

  /** Frees the native object, if it is not freed yet. */
  public void close() {
    if (OPEN.remove(this)) {
      free.accept(pointer);
    }
  }

  /**
   * Frees the native objects whose owners are unreachable. The heap of an idle notebook hardly
   * grows, so left to itself the garbage collector would not run and gigabytes of weights would
   * stay. The heap itself is made small on the way, so that load after load takes no more memory.
   */
  public static void releaseUnreachable() {
    System.gc();
    try {
      for (var collected = UNREACHABLE.remove(TURN_UP_MS);
          collected != null;
          collected = UNREACHABLE.remove(TURN_UP_MS)) {
        freeCollected(collected);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void freeCollected(Reference<?> collected) {
    if (collected instanceof NativeHandle<?> handle) {
      handle.close();
    }
  }

  /** Number of native objects of all owners that are open now. */
  public static int open() {
    return OPEN.size();
  }
}
