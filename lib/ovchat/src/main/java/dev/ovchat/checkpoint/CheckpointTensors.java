package dev.ovchat.checkpoint;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The weights of a HuggingFace checkpoint: {@code model.safetensors}, or the shards that {@code
 * model.safetensors.index.json} names. Where both are there, transformers takes the former, and so
 * does this.
 *
 * <pre>{@code
 * try (var tensors = CheckpointTensors.open(Path.of("Phi-3-mini-4k-instruct"))) {
 *   CheckpointTensor norm = tensors.get("model.norm.weight");     // BF16 [3072]
 *   ByteBuffer bytes = tensors.map(norm, 0, 6144);                // not yet read from the disk
 * }
 * }</pre>
 *
 * <p>May be used by several threads at once.
 */
public final class CheckpointTensors implements AutoCloseable {
  private static final String SINGLE = "model.safetensors";

  private final Path directory;
  private final Map<Path, SafetensorsFile> files = new LinkedHashMap<>();
  private final Map<String, CheckpointTensor> tensors = new LinkedHashMap<>();

  /** Tensors that cannot be exported, and their types. */
  private final Map<String, String> otherTypes = new LinkedHashMap<>();

  private volatile boolean isClosed;

  private CheckpointTensors(Path directory) {
    this.directory = directory;
  }

  /**
   * Reads where the tensors lie, and none of them.
   *
   * @param directory may hold links to the files
   * @throws CheckpointException if there are no safetensors files, or one is missing or damaged
   */
  public static CheckpointTensors open(Path directory) {
    CheckpointTensors checkpoint = new CheckpointTensors(directory);
    Path single = directory.resolve(SINGLE);
    Path index = directory.resolve(ShardIndex.FILE);
    if (ReadableFile.isThere(single)) {
      checkpoint.add(single);
    } else if (ReadableFile.isThere(index)) {
      checkpoint.addShards(ShardIndex.read(index));
    } else {
      throw new CheckpointException(
          "%s holds neither %s nor %s.".formatted(directory, SINGLE, ShardIndex.FILE));
    }
    return checkpoint;
  }

  private void addShards(ShardIndex index) {
    for (Map.Entry<String, String> entry : index.shardOf().entrySet()) {
      Path shard = directory.resolve(entry.getValue());
      if (!files.containsKey(shard)) {
        if (!ReadableFile.isThere(shard)) {
          throw new CheckpointException(
              "%s is missing: the tensor %s is in it, says %s. Download it too."
                  .formatted(shard, Shown.of(entry.getKey()), index.path()));
        }
        add(shard);
      }
    }
    index.shardOf().forEach((name, shard) -> requireIn(shard, name, index));
  }

  private void requireIn(String shard, String name, ShardIndex index) {
    boolean isKnown = otherTypes.containsKey(name);
    CheckpointTensor tensor = tensors.get(name);
    if (!isKnown && (tensor == null || !tensor.file().endsWith(shard))) {
      throw new CheckpointException(
          "%s lacks the tensor %s, which %s says is in it.%s"
              .formatted(directory.resolve(shard), Shown.of(name), index.path(), StrictJson.AGAIN));
    }
  }

  private void add(Path path) {
    SafetensorsFile file = SafetensorsFile.open(path);
    files.put(path, file);
    for (SafetensorsHeader.Entry entry : file.header().entries()) {
      String name = entry.name();
      if (has(name)) {
        throw new CheckpointException(
            "The tensor %s is in %s and in another file of the checkpoint too.%s"
                .formatted(Shown.of(name), path, StrictJson.AGAIN));
      }
      TensorType.of(entry.type())
          .ifPresentOrElse(
              type -> tensors.put(name, located(entry, type, file)),
              () -> otherTypes.put(name, entry.type()));
    }
  }

  private static CheckpointTensor located(
      SafetensorsHeader.Entry entry, TensorType type, SafetensorsFile file) {
    return new CheckpointTensor(
        entry.name(),
        type,
        entry.shape(),
        file.path(),
        file.header().start() + entry.begin(),
        entry.end() - entry.begin());
  }

  /** The names of all tensors, those of other types too; cannot be changed. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>(tensors.keySet());
    names.addAll(otherTypes.keySet());
    return Collections.unmodifiableSet(names);
  }

  /** Whether there is a tensor of that name, of whatever type. */
  public boolean has(String name) {
    return tensors.containsKey(name) || otherTypes.containsKey(name);
  }

  /**
   * Where a tensor lies.
   *
   * @throws CheckpointException if there is none of that name, or its type is none of {@link
   *     TensorType}
   */
  public CheckpointTensor get(String name) {
    if (otherTypes.containsKey(name)) {
      throw new CheckpointException(
          "The tensor %s in %s has the type %s; exported are %s."
              .formatted(
                  Shown.of(name),
                  directory,
                  Shown.of(otherTypes.get(name)),
                  List.of(TensorType.values())));
    }
    if (!tensors.containsKey(name)) {
      throw new CheckpointException(
          "The checkpoint %s has no tensor %s.".formatted(directory, Shown.of(name)));
    }
    return tensors.get(name);
  }

  /**
   * A part of a tensor, as pages of the file, which are read when they are looked at.
   *
   * <p>If the file is cut off meanwhile, to look at what is gone throws {@link InternalError}.
   *
   * @param from the part's first byte, counted from the tensor's
   * @param byteCount at most 1 GiB
   * @return read-only and little-endian, from position 0; lives on when this is closed
   * @throws CheckpointException if the part is not in the tensor, or this is closed
   */
  public ByteBuffer map(CheckpointTensor tensor, long from, int byteCount) {
    SafetensorsFile file = isClosed ? null : files.get(tensor.file());
    if (file == null) {
      throw new CheckpointException(
          "The checkpoint %s is closed, or does not hold %s."
              .formatted(directory, Shown.of(tensor.name())));
    }
    boolean isInside = from >= 0 && byteCount >= 0 && from <= tensor.byteCount() - byteCount;
    if (!isInside || byteCount > SafetensorsFile.LARGEST_PART) {
      throw new CheckpointException(
          "Bytes %d to %d of the tensor %s were asked for; it has %d, and at most %d are given at once."
              .formatted(
                  from,
                  from + byteCount,
                  Shown.of(tensor.name()),
                  tensor.byteCount(),
                  SafetensorsFile.LARGEST_PART));
    }
    return file.part(tensor.offset() + from, byteCount);
  }

  /**
   * Looks whether the files are still those that were opened.
   *
   * @throws CheckpointException if a file has another size or time of change
   */
  public void requireUnchanged() {
    files.values().forEach(SafetensorsFile::requireUnchanged);
  }

  /** Gives up the files. The memory that they are mapped to is freed when no part is in use. */
  @Override
  public void close() {
    isClosed = true;
  }
}
