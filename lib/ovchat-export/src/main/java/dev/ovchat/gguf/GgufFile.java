package dev.ovchat.gguf;

import dev.ovchat.checkpoint.BlockFormat;
import dev.ovchat.checkpoint.CheckpointTensor;
import dev.ovchat.files.Excerpt;
import dev.ovchat.files.FileState;
import dev.ovchat.files.MappedFile;
import dev.ovchat.files.ReadableFile;
import dev.ovchat.files.StrictJson;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.graph.ElementType;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One GGUF file, mapped into memory.
 *
 * @param metadata the entries in front of the weights
 * @param tensors the tensors that can be exported, by their names in the file
 * @param otherTypes the types of those that cannot, by their names
 * @param mapped the file's bytes
 */
record GgufFile(
    GgufMetadata metadata,
    Map<String, CheckpointTensor> tensors,
    Map<String, String> otherTypes,
    MappedFile mapped) {

  /**
   * Opens a file. Of the weights, only their locations are read.
   *
   * @throws UnusableFileException if it is not a GGUF file, is damaged, or does not hold a model
   */
  static GgufFile open(Path path) {
    ReadableFile.require(path);
    FileState state = FileState.of(path);
    try (FileChannel channel = FileChannel.open(path)) {
      GgufHeader header = GgufHeader.read(path, Channels.newInputStream(channel), state.size());
      requireModel(header.metadata());
      Map<String, CheckpointTensor> tensors = new LinkedHashMap<>();
      Map<String, String> otherTypes = new LinkedHashMap<>();
      for (GgufHeader.TensorInfo info : header.tensors()) {
        Optional<CheckpointTensor> tensor = located(header, info, state);
        tensor.ifPresentOrElse(
            known -> tensors.put(info.name(), known),
            () -> otherTypes.put(info.name(), GgufTypes.name(info.type())));
      }
      return new GgufFile(header.metadata(), tensors, otherTypes, MappedFile.of(state, channel));
    } catch (IOException e) {
      throw ReadableFile.unreadable(path, e);
    }
  }

  /** Refuses GGUF files that hold something else than a model. */
  private static void requireModel(GgufMetadata metadata) {
    String type = metadata.text("general.type").orElse("model");
    String architecture = metadata.text("general.architecture").orElse("");
    String instead;
    if (type.equals("adapter")) {
      instead =
          "a LoRA adapter, which changes a model and is none; merge it into its model first, for instance with llama.cpp's llama-export-lora";
    } else if (type.equals("mmproj") || architecture.equals("clip")) {
      instead =
          "a projector for images or sound, which goes with a model and is none; give the GGUF file of the text model";
    } else if (type.equals("imatrix") || architecture.equals("controlvector")) {
      instead =
          "of the kind %s and holds no model; give the GGUF file of a model"
              .formatted(type.equals("imatrix") ? type : architecture);
    } else {
      return;
    }
    throw new UnusableFileException("%s is %s.".formatted(metadata.path(), instead));
  }

  private static Optional<CheckpointTensor> located(
      GgufHeader header, GgufHeader.TensorInfo info, FileState state) {
    Optional<ElementType> floats = GgufTypes.floats(info.type());
    Optional<BlockFormat> blocks = GgufTypes.blocks(info.type());
    if (floats.isEmpty() && blocks.isEmpty()) {
      return Optional.empty();
    }
    ElementType type = floats.orElse(ElementType.F32);
    long size = size(info, type, blocks, state.path());
    boolean isAligned = info.offset() >= 0 && info.offset() % header.metadata().alignment() == 0;
    if (!isAligned) {
      throw damaged(
          state.path(),
          info,
          "begins at byte %s of the weights, which is no multiple of general.alignment"
              .formatted(Long.toUnsignedString(info.offset())));
    }
    if (info.offset() > state.size() - header.start()
        || size > state.size() - header.start() - info.offset()) {
      throw GgufInput.cutOff(
          state.path(),
          state.size(),
          "the tensor %s would end after them".formatted(Excerpt.of(info.name())));
    }
    return Optional.of(
        new CheckpointTensor(
            info.name(),
            type,
            blocks,
            info.shape(),
            state.path(),
            header.start() + info.offset(),
            size));
  }

  private static long size(
      GgufHeader.TensorInfo info, ElementType type, Optional<BlockFormat> blocks, Path path) {
    long row = info.shape().isEmpty() ? 1 : info.shape().get(info.shape().size() - 1);
    if (blocks.isPresent() && row % blocks.get().weights() != 0) {
      throw damaged(
          path,
          info,
          String.format(
              Locale.ROOT,
              "has rows of %d weights, which are no whole blocks of %s",
              row,
              blocks.get()));
    }
    OptionalLong size = CheckpointTensor.byteCount(info.shape(), type, blocks);
    if (size.isEmpty() || size.getAsLong() == 0) { // ggml's lengths are 1 or more
      throw damaged(path, info, "has the shape " + info.shape());
    }
    return size.getAsLong();
  }

  private static UnusableFileException damaged(Path path, GgufHeader.TensorInfo info, String what) {
    return new UnusableFileException(
        "%s: the tensor %s %s%s".formatted(path, Excerpt.of(info.name()), what, StrictJson.AGAIN));
  }

  Path path() {
    return mapped.path();
  }
}
