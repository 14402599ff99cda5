package dev.ovchat.checkpoint;

import dev.ovchat.files.FileState;
import dev.ovchat.files.MappedFile;
import dev.ovchat.files.ReadableFile;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * One safetensors file, mapped into memory.
 *
 * <p>The official library is written in Rust and has no binding for Java. DJL reads such files into
 * arrays of one of its engines: that needs the engine, and memory for all weights at once.
 */
record SafetensorsFile(SafetensorsHeader header, MappedFile mapped) {
  static SafetensorsFile open(Path path) {
    ReadableFile.require(path);
    FileState state = FileState.of(path);
    try (FileChannel channel = FileChannel.open(path)) {
      var header = SafetensorsHeader.read(path, Channels.newInputStream(channel), state.size());
      return new SafetensorsFile(header, MappedFile.of(state, channel));
    } catch (IOException e) {
      throw ReadableFile.unreadable(path, e);
    }
  }

  Path path() {
    return mapped.path();
  }
}
