package dev.ovchat.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.ObjLongConsumer;

/** The files of a model beside its weights: the configs, and the tokenizer with its template. */
public interface ModelFiles {
  /** The directory in which the files lie; empty where {@link #copy} makes them. */
  Optional<Path> directory();

  /** Approximate size of the files in a model directory, in bytes. */
  long byteCount();

  /**
   * Puts the files into a directory. An interrupt of the thread ends that.
   *
   * @param listener receives the name and the size of each file when it is there
   * @throws dev.ovchat.files.UnusableFileException if the source cannot be read, or is not what it
   *     has to be
   * @throws IOException if a file cannot be written
   */
  void copy(Path directory, ObjLongConsumer<String> listener) throws IOException;

  /**
   * Checks that the sources have not changed.
   *
   * @throws dev.ovchat.files.UnusableFileException if one has another size or time of change
   */
  void requireUnchanged();
}
