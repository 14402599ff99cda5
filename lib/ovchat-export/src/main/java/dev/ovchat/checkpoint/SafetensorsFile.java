package dev.ovchat.checkpoint;

import dev.ovchat.files.FileState;
import dev.ovchat.files.ReadableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One safetensors file, mapped into memory.
 *
 * <p>A mapping has at most 2 GiB. Here each begins 1 GiB after the one before, so that every part
 * of up to 1 GiB lies whole in one of them.
 *
 * <p>The official library is written in Rust and has no binding for Java. DJL reads such files into
 * arrays of one of its engines: that needs the engine, and memory for all weights at once.
 */
record SafetensorsFile(SafetensorsHeader header, FileState state, List<ByteBuffer> windows) {
  /** The largest part that can be mapped at once, in bytes. */
  static final int LARGEST_PART = 1 << 30;

  static SafetensorsFile open(Path path) {
    ReadableFile.require(path);
    FileState state = FileState.of(path);
    try (FileChannel channel = FileChannel.open(path)) {
      var header = SafetensorsHeader.read(path, Channels.newInputStream(channel), state.size());
      return new SafetensorsFile(header, state, windows(channel, state.size()));
    } catch (IOException e) {
      throw ReadableFile.unreadable(path, e);
    }
  }

  Path path() {
    return state.path();
  }

  private static List<ByteBuffer> windows(FileChannel channel, long size) throws IOException {
    List<ByteBuffer> windows = new ArrayList<>();
    for (long start = 0; start < size; start += LARGEST_PART) {
      long length = Math.min(Integer.MAX_VALUE, size - start);
      windows.add(channel.map(FileChannel.MapMode.READ_ONLY, start, length));
    }
    return List.copyOf(windows);
  }

  /** A part of the file, of at most {@link #LARGEST_PART} bytes. */
  ByteBuffer part(long offset, int byteCount) {
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
