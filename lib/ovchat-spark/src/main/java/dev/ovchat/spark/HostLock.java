package dev.ovchat.spark;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The right to measure on this host. One process has it at a time, whichever application it belongs
 * to, as long as all have the same folder for temporary files: two runs at once would measure each
 * other.
 */
final class HostLock implements AutoCloseable {
  private static final String NAME = "ovchat-sweep.lock";

  /**
   * A lock for the threads of this JVM, which the system takes for one: if one of them closed the
   * file, all would lose it.
   */
  private static final ReentrantLock IN_THIS_JVM = new ReentrantLock();

  private final FileChannel file;

  private HostLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Waits for the lock.
   *
   * @throws DatasetException if its file cannot be opened, or the thread is interrupted
   */
  static HostLock take() {
    Path path = Path.of(System.getProperty("java.io.tmpdir"), NAME);
    try {
      IN_THIS_JVM.lockInterruptibly();
      return new HostLock(locked(path));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatasetException("The sweep was ended while it waited for " + path + ".", e);
    } catch (FileLockInterruptionException e) {
      IN_THIS_JVM.unlock();
      Thread.currentThread().interrupt();
      throw new DatasetException("The sweep was ended while it waited for " + path + ".", e);
    } catch (IOException | OverlappingFileLockException e) {
      IN_THIS_JVM.unlock();
      throw new DatasetException(
          "The file %s cannot be locked: %s. Sweeps take turns on a host by it; make it writable, or delete it."
              .formatted(path, e),
          e);
    }
  }

  private static FileChannel locked(Path path) throws IOException {
    FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try {
      file.lock();
      return file;
    } catch (IOException | OverlappingFileLockException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new DatasetException("The lock of this host cannot be given back: " + e + ".", e);
    } finally {
      IN_THIS_JVM.unlock();
    }
  }
}
