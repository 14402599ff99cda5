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
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The weights of a HuggingFace checkpoint: {@code model.safetensors}, or the shards that {@code
 * model.safetensors.index.json} names. Where both are there, transformers takes the former; of a
 * tensor that several shards hold, the one in the last shard by name. So does this.
 */
final class SafetensorsCheckpoint implements CheckpointTensors {
  /** The experts of gpt-oss, of which {@link MicroscaledTensor} makes weights. */
  private static final Pattern QUANTIZED = Pattern.compile(".*\\.experts\\..*_(blocks|scales)");

  private final Path directory;
  private final boolean isText;
  private final List<SafetensorsFile> files = new ArrayList<>();
  private final TensorTable tensors;

  /** Tensors that an index names, and the shard that it names and that does not hold them. */
  private final Map<String, Path> promised = new LinkedHashMap<>();

  private final Set<String> otherParts = new TreeSet<>();

  /** Names in the files of the tensors, by their names in the text model. */
  private final Map<String, String> namesInFiles = new HashMap<>();

  private SafetensorsCheckpoint(Path directory, boolean isText) {
    this.directory = directory;
    this.isText = isText;
    this.tensors = new TensorTable(directory);
  }

  /**
   * @param isText whether the text model is a part of what is in the files
   */
  static SafetensorsCheckpoint open(Path directory, boolean isText) {
    if (!Files.isDirectory(directory)) {
      throw ForeignFile.insteadOfCheckpoint(directory);
    }
    SafetensorsCheckpoint checkpoint = new SafetensorsCheckpoint(directory, isText);
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
    named.forEach(name -> promised.put(newName(name), shard));
  }

  /** Adds the tensors of a file; a tensor that an earlier shard held is replaced. */
  private void add(Path path) {
    SafetensorsFile file = SafetensorsFile.open(path);
    files.add(file);
    for (SafetensorsHeader.Entry entry : file.header().entries()) {
      String name = newName(entry.name());
      requireOne(name, entry.name(), path);
      typeOf(entry)
          .ifPresentOrElse(
              type -> tensors.add(located(entry, type, file).withName(name), file.mapped()),
              () -> tensors.addOther(name, entry.type()));
      if (isText) {
        TextNames.otherPart(entry.name()).ifPresent(otherParts::add);
      }
    }
  }

  /** The type of a tensor that can be exported, by itself or with others. */
  private static Optional<ElementType> typeOf(SafetensorsHeader.Entry entry) {
    return entry.type().equals("U8") && QUANTIZED.matcher(entry.name()).matches()
        ? Optional.of(ElementType.U8)
        : WeightReader.typeOf(entry.type());
  }

  /**
   * Refuses two names of one tensor, of which neither is the right one; of the same name in several
   * files the last one counts.
   */
  private void requireOne(String name, String inFile, Path path) {
    String other = namesInFiles.putIfAbsent(name, inFile);
    if (other != null && !other.equals(inFile)) {
      throw new UnusableFileException(
          "%s has the tensor %s beside %s, and the text model has one of them alone; take a checkpoint that one version of transformers wrote."
              .formatted(path, Excerpt.of(inFile), Excerpt.of(other)));
    }
  }

  private String newName(String inFile) {
    return isText ? TextNames.inTextModel(inFile) : inFile;
  }

  static CheckpointTensor located(
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
  public Set<String> otherParts() {
    return Collections.unmodifiableSet(otherParts);
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
