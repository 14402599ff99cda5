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
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The weights of a HuggingFace checkpoint: {@code model.safetensors}, or the shards that {@code
 * model.safetensors.index.json} names. Where both are there, transformers takes the former; of a
 * tensor that several shards hold, the one in the last shard by name. So does this.
 */
final class SafetensorsCheckpoint implements CheckpointTensors {

  private final Path directory;
  private final Map<Path, SafetensorsFile> files = new LinkedHashMap<>();
  private final Map<String, CheckpointTensor> tensors = new LinkedHashMap<>();

  /** Tensors that cannot be exported, and their types. */
  private final Map<String, String> otherTypes = new LinkedHashMap<>();

  /** Tensors that an index names, and the shard that it names and that does not hold them. */
  private final Map<String, Path> promised = new LinkedHashMap<>();

  private volatile boolean isClosed;

  private SafetensorsCheckpoint(Path directory) {
    this.directory = directory;
  }

  static SafetensorsCheckpoint open(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw ForeignFile.insteadOfCheckpoint(directory);
    }
    SafetensorsCheckpoint checkpoint = new SafetensorsCheckpoint(directory);
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

  @Override
  public Path path() {
    return directory;
  }

  @Override
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>(tensors.keySet());
    names.addAll(otherTypes.keySet());
    return Collections.unmodifiableSet(names);
  }

  @Override
  public boolean has(String name) {
    return tensors.containsKey(name) || otherTypes.containsKey(name);
  }

  @Override
  public boolean isNamedInVain(String name) {
    return promised.containsKey(name) && !has(name);
  }

  @Override
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

  @Override
  public ByteBuffer map(CheckpointTensor tensor, long from, int byteCount) {
    if (isClosed) {
      throw new UnusableFileException("The checkpoint %s is closed.".formatted(directory));
    }
    if (!tensor.equals(tensors.get(tensor.name()))) {
      throw new UnusableFileException(
          "The tensor %s is none of the checkpoint %s; take those that get(name) gives."
              .formatted(Excerpt.of(tensor.name()), directory));
    }
    tensor.requirePart(from, byteCount);
    return files.get(tensor.file()).mapped().part(tensor.offset() + from, byteCount);
  }

  @Override
  public void requireUnchanged() {
    files.values().forEach(file -> file.mapped().state().requireUnchanged());
  }

  /** Releases the files. Mapped memory is freed when no part is in use any more. */
  @Override
  public void close() {
    isClosed = true;
  }
}
