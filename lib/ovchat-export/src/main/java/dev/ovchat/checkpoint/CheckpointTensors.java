package dev.ovchat.checkpoint;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.FileNames;
import dev.ovchat.files.ReadableFile;
import dev.ovchat.files.StrictJson;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.graph.ElementType;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The weights of a HuggingFace checkpoint: {@code model.safetensors}, or the shards that {@code
 * model.safetensors.index.json} names. Where both are there, transformers takes the former; of a
 * tensor that several shards hold, the one in the last shard by name. So does this.
 *
 * <pre>{@code
 * try (var tensors = CheckpointTensors.open(Path.of("Phi-3-mini-4k-instruct"))) {
 *   CheckpointTensor norm = tensors.get("model.norm.weight");     // BF16 [3072]
 *   ByteBuffer bytes = tensors.map(norm, 0, 6144);                // not yet read from the disk
 * }
 * }</pre>
 *
 * <p>Instances may be used by several threads at once.
 */
public final class CheckpointTensors implements AutoCloseable {

  private final Path directory;
  private final Map<Path, SafetensorsFile> files = new LinkedHashMap<>();
  private final Map<String, CheckpointTensor> tensors = new LinkedHashMap<>();

  /** Tensors that cannot be exported, and their types. */
  private final Map<String, String> otherTypes = new LinkedHashMap<>();

  /** Tensors that an index names, and the shard that it names and that does not hold them. */
  private final Map<String, Path> promised = new LinkedHashMap<>();

  private volatile boolean isClosed;

  private CheckpointTensors(Path directory) {
    this.directory = directory;
  }

  /**
   * Opens a checkpoint. Only the headers of its files are read, no tensor.
   *
   * @param directory may hold links to the files
   * @throws UnusableFileException if safetensors files are missing, or one is missing or damaged
   */
  public static CheckpointTensors open(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw ForeignFile.insteadOfCheckpoint(directory);
    }
    CheckpointTensors checkpoint = new CheckpointTensors(directory);
    Path single = directory.resolve(FileNames.SAFETENSORS);
    Path index = directory.resolve(FileNames.SAFETENSORS_INDEX);
    if (ReadableFile.isThere(single)) {
      checkpoint.add(single);
    } else if (ReadableFile.isThere(index)) {
      checkpoint.addShards(ShardIndex.read(index));
    } else {
      throw ForeignFile.insteadOfCheckpoint(directory);
    }
    return checkpoint;
  }

  private void addShards(ShardIndex index) {
    new TreeMap<>(index.tensors())
        .forEach((shard, names) -> addShard(directory.resolve(shard), names, index));
  }

  private void addShard(Path shard, Set<String> named, ShardIndex index) {
    if (!ReadableFile.isThere(shard)) {
      throw new UnusableFileException(
          "%s is missing, in which %s says that %s is; download it too."
              .formatted(shard, index.path(), Excerpt.of(named.iterator().next())));
    }
    add(shard);
    named.forEach(name -> promised.put(name, shard));
  }

  /** Adds the tensors of a file; a tensor that an earlier shard held is replaced. */
  private void add(Path path) {
    SafetensorsFile file = SafetensorsFile.open(path);
    files.put(path, file);
    for (SafetensorsHeader.Entry entry : file.header().entries()) {
      String name = entry.name();
      tensors.remove(name);
      otherTypes.remove(name);
      WeightReader.typeOf(entry.type())
          .ifPresentOrElse(
              type -> tensors.put(name, located(entry, type, file)),
              () -> otherTypes.put(name, entry.type()));
    }
  }

  private static CheckpointTensor located(
      SafetensorsHeader.Entry entry, ElementType type, SafetensorsFile file) {
    return new CheckpointTensor(
        entry.name(),
        type,
        entry.shape(),
        file.path(),
        file.header().start() + entry.begin(),
        entry.end() - entry.begin());
  }

  /** Directory of the files. */
  public Path directory() {
    return directory;
  }

  /** The names of all tensors, those of types that cannot be exported at the end; unmodifiable. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>(tensors.keySet());
    names.addAll(otherTypes.keySet());
    return Collections.unmodifiableSet(names);
  }

  /** Tests whether there is a tensor of that name, of whatever type. */
  public boolean has(String name) {
    return tensors.containsKey(name) || otherTypes.containsKey(name);
  }

  /** Tests whether the index names a tensor that neither its shard nor another one holds. */
  public boolean isNamedInVain(String name) {
    return promised.containsKey(name) && !has(name);
  }

  /**
   * Returns the location of a tensor.
   *
   * @throws UnusableFileException if a tensor of that name is missing, or its type is not F32, F16
   *     or BF16
   */
  public CheckpointTensor get(String name) {
    if (otherTypes.containsKey(name)) {
      throw new UnusableFileException(
          "The tensor %s in %s has the type %s; take a checkpoint with weights in F32, F16 or BF16."
              .formatted(Excerpt.of(name), directory, Excerpt.of(otherTypes.get(name))));
    }
    if (isNamedInVain(name)) {
      throw new UnusableFileException(
          "%s lacks the tensor %s, which the index says is in it%s"
              .formatted(promised.get(name), Excerpt.of(name), StrictJson.AGAIN));
    }
    if (!tensors.containsKey(name)) {
      throw new UnusableFileException(
          "The checkpoint %s has no tensor %s; copy config.json and the weights from the same model."
              .formatted(directory, Excerpt.of(name)));
    }
    return tensors.get(name);
  }

  /**
   * Maps a part of a tensor into memory; pages of the file are read when they are accessed.
   *
   * <p>If the file is cut off meanwhile, access to the missing part throws {@link InternalError}:
   * catch it where the bytes are read, and ask {@link #requireUnchanged()} for the reason.
   *
   * @param from the part's first byte, counted from the tensor's
   * @param byteCount size of the part in bytes, at most 1 GiB
   * @return the part as a read-only, little-endian buffer, from position 0; still valid when this
   *     is closed
   * @throws UnusableFileException if the part is not in the tensor, or this is closed
   */
  public ByteBuffer map(CheckpointTensor tensor, long from, int byteCount) {
    if (isClosed) {
      throw new UnusableFileException("The checkpoint %s is closed.".formatted(directory));
    }
    if (!tensor.equals(tensors.get(tensor.name()))) {
      throw new UnusableFileException(
          "The tensor %s is none of the checkpoint %s; take those that get(name) gives."
              .formatted(Excerpt.of(tensor.name()), directory));
    }
    boolean isInside = from >= 0 && byteCount >= 0 && from <= tensor.byteCount() - byteCount;
    if (!isInside || byteCount > SafetensorsFile.LARGEST_PART) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              "%d bytes from byte %d on were asked of the tensor %s in %s, which has %d bytes; at"
                  + " most %d are given at once.",
              byteCount,
              from,
              Excerpt.of(tensor.name()),
              tensor.file(),
              tensor.byteCount(),
              SafetensorsFile.LARGEST_PART));
    }
    return files.get(tensor.file()).part(tensor.offset() + from, byteCount);
  }

  /**
   * Checks that the files have not changed since they were opened.
   *
   * @throws UnusableFileException if a file has another size or time of change
   */
  public void requireUnchanged() {
    files.values().forEach(file -> file.state().requireUnchanged());
  }

  /** Releases the files. Mapped memory is freed when no part is in use any more. */
  @Override
  public void close() {
    isClosed = true;
  }
}
