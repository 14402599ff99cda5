package dev.ovchat.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The folder for what this process writes for a while, in that for temporary files. It goes when
 * the process ends; what a killed process left, the next one deletes.
 *
 * <p>A process holds a lock on a file in its folder as long as it lives; the system takes it back
 * even from a process that is killed. So a folder whose lock can be had belongs to nobody, whatever
 * numbers processes have, in whichever container.
 */
public final class ProcessFolder {
  private static final String PREFIX = "ovchat-process-";
  private static final String LOCK = "lock";

  /** Names the folder to all class loaders: closing another channel would give the lock back. */
  private static final String PROPERTY = "dev.ovchat.process-folder";

  private ProcessFolder() {}

  /** A new file, empty. */
  public static Path newFile(String prefix, String suffix) throws IOException {
    return Files.createTempFile(folder(), prefix, suffix);
  }

  /** A new directory. */
  public static Path newDirectory(String prefix) throws IOException {
    return Files.createTempDirectory(folder(), prefix);
  }

  /**
   * Deletes a file or directory of it now. What is left of that goes with the folder.
   *
   * @param made null where none could be made
   */
  public static void delete(Path made) {
    if (made == null) {
      return;
    }
    try {
      FileTree.delete(made);
    } catch (IOException e) {
      // The end of the process tries again.
    }
  }

  private static Path folder() throws IOException {
    boolean isInterrupted = Thread.interrupted(); // which would close the channel of the lock
    try {
      synchronized (System.getProperties()) {
        String known = System.getProperty(PROPERTY);
        if (known == null || !Files.isDirectory(Path.of(known))) {
          known = make(Path.of(System.getProperty("java.io.tmpdir"))).toString();
          System.setProperty(PROPERTY, known);
        }
        return Path.of(known);
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Path make(Path parent) throws IOException {
    deleteLeftOvers(parent);
    while (true) {
      Path folder = Files.createTempDirectory(parent, PREFIX);
      FileChannel lock = lock(folder);
      // Another process may have taken it for a left-over before it was locked.
      if (lock != null && Files.exists(folder.resolve(LOCK))) {
        // Loads what deletes it: at the end a server may have closed the class loader.
        FileTree.delete(folder.resolve("nothing"));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder, lock)));
        return folder;
      }
      if (lock != null) {
        lock.close();
      }
    }
  }

  /**
   * Deletes the folders of killed processes. Those that belong to others, or cannot be read, stay.
   */
  private static void deleteLeftOvers(Path parent) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path folder : folders) {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && Files.isWritable(folder)) {
          deleteIfUnused(folder);
        }
      }
    }
  }

  private static void deleteIfUnused(Path folder) {
    try {
      FileChannel lock = lock(folder);
      if (lock != null) {
        delete(folder, lock);
      }
    } catch (IOException e) {
      // No folder of ours, or one that another process deletes at this moment.
    }
  }

  /** The lock of a folder; null where a process has it, or the folder is gone. */
  private static FileChannel lock(Path folder) throws IOException {
    FileChannel channel;
    try {
      channel =
          FileChannel.open(
              folder.resolve(LOCK),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // This process has it.
    }
    channel.close();
    return null;
  }

  /** The lock goes last, with the folder. What cannot be deleted stays for the next process. */
  private static void delete(Path folder, FileChannel lock) {
    try (lock;
        DirectoryStream<Path> files =
            Files.newDirectoryStream(folder, file -> !file.endsWith(LOCK))) {
      for (Path file : files) {
        FileTree.delete(file);
      }
      FileTree.delete(folder);
    } catch (IOException | DirectoryIteratorException e) {
      // A file of it is still written, or the folder is another user's.
    }
  }
}
