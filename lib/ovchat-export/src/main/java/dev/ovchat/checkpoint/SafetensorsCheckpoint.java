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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
  private final List<SafetensorsFile> files = new ArrayList<>();
  private final TensorTable tensors;

  /** Tensors that an index names, and the shard that it names and that does not hold them. */
  private final Map<String, Path> promised = new LinkedHashMap<>();

  private SafetensorsCheckpoint(Path directory) {
    this.directory = directory;
    this.tensors = new TensorTable(directory);
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
    files.add(file);
    for (SafetensorsHeader.Entry entry : file.header().entries()) {
      WeightReader.typeOf(entry.type())
          .ifPresentOrElse(
              type -> tensors.add(located(entry, type, file), file.mapped()),
              () -> tensors.addOther(entry.name(), entry.type()));
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
    return tensors.names();
  }

  @Override
  public boolean has(String name) {
    return tensors.has(name);
  }

  @Override
  public boolean isNamedInVain(String name) {
    return promised.containsKey(name) && !has(name);
  }

  @Override
  public CheckpointTensor get(String name) {
    tensors
        .otherType(name)
        .ifPresent(
            type -> {
              throw new UnusableFileException(
                  "The tensor %s in %s has the type %s; take a checkpoint with weights in F32, F16 or BF16."
                      .formatted(Excerpt.of(name), directory, Excerpt.of(type)));
            });
    if (isNamedInVain(name)) {
      throw new UnusableFileException(
          "%s lacks the tensor %s, which the index says is in it%s"
              .formatted(promised.get(name), Excerpt.of(name), StrictJson.AGAIN));
    }
    return tensors
        .find(name)
        .orElseThrow(
            () ->
                new UnusableFileException(
                    "The checkpoint %s has no tensor %s; copy config.json and the weights from the same model."
                        .formatted(directory, Excerpt.of(name))));
  }

  @Override
  public ByteBuffer map(CheckpointTensor tensor, long from, int byteCount) {
    return tensors.fileOf(tensor, from, byteCount).part(tensor.offset() + from, byteCount);
  }

  @Override
  public void requireUnchanged() {
    files.forEach(file -> file.mapped().state().requireUnchanged());
  }

  @Override
  public void close() {
    tensors.close();
  }
}
