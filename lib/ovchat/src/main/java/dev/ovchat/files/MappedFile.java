package dev.ovchat.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of any size, mapped into memory: pages are read from the disk when they are accessed.
 *
 * <p>A mapping has at most 2 GiB. Here each begins 1 GiB after the one before, so that every part
 * of up to 1 GiB lies whole in one of them.
 *
 * @param state size and time of the file when it was mapped
 * @param windows the mappings
 */
public record MappedFile(FileState state, List<ByteBuffer> windows) {
  /** The largest part that can be given at once, in bytes. */
  public static final int LARGEST_PART = 1 << 30;

  public MappedFile {
    windows = List.copyOf(windows);
  }

  /**
   * Maps a file, which may be closed then.
   *
   * @param state the file's size and time, as they were before it was opened
   */
  public static MappedFile of(FileState state, FileChannel channel) throws IOException {
    List<ByteBuffer> windows = new ArrayList<>();
    for (long start = 0; start < state.size(); start += LARGEST_PART) {
      long length = Math.min(Integer.MAX_VALUE, state.size() - start);
      windows.add(channel.map(FileChannel.MapMode.READ_ONLY, start, length));
    }
    return new MappedFile(state, windows);
  }

  /** Path of the file. */
  public Path path() {
    return state.path();
  }

  /** A part of the file, of at most {@link #LARGEST_PART} bytes, read-only and little-endian. */
  public ByteBuffer part(long offset, int byteCount) {
    if (byteCount == 0) {
      return ByteBuffer.allocate(0).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
    int start = (int) (offset % LARGEST_PART);
    return windows
        .get((int) (offset / LARGEST_PART))
        .slice(start, byteCount)
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
