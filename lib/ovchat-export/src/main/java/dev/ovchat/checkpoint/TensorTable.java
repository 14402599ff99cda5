package dev.ovchat.checkpoint;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.MappedFile;
import dev.ovchat.files.UnusableFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tensors of a checkpoint by their names, with the mapped files that hold them; and the names
 * of those whose types cannot be exported.
 */
public final class TensorTable {
  private final Path checkpoint;
  private final Map<String, CheckpointTensor> tensors = new LinkedHashMap<>();
  private final Map<String, MappedFile> files = new LinkedHashMap<>();
  private final Map<String, String> otherTypes = new LinkedHashMap<>();
  private volatile boolean isClosed;

  /**
   * Creates a table without tensors.
   *
   * @param checkpoint path of the checkpoint, for messages
   */
  public TensorTable(Path checkpoint) {
    this.checkpoint = checkpoint;
  }

  /** Adds a tensor; one of its name that was added before is replaced. */
  public void add(CheckpointTensor tensor, MappedFile file) {
    remove(tensor.name());
    tensors.put(tensor.name(), tensor);
    files.put(tensor.name(), file);
  }

  /** Adds the type of a tensor that cannot be exported; one added before is replaced. */
  public void addOther(String name, String type) {
    remove(name);
    otherTypes.put(name, type);
  }

  private void remove(String name) {
    tensors.remove(name);
    files.remove(name);
    otherTypes.remove(name);
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

  /** The tensor of that name, if it can be exported. */
  public Optional<CheckpointTensor> find(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /** The type of the tensor of that name, if it cannot be exported. */
  public Optional<String> otherType(String name) {
    return Optional.ofNullable(otherTypes.get(name));
  }

  /**
   * The file that holds a tensor of which a part is to be mapped.
   *
   * @throws UnusableFileException if the part is not in the tensor, the tensor is not one of the
   *     table, or this is closed
   */
  public MappedFile fileOf(CheckpointTensor tensor, long from, int byteCount) {
    if (isClosed) {
      throw new UnusableFileException("The checkpoint %s is closed.".formatted(checkpoint));
    }
    if (!tensor.equals(tensors.get(tensor.name()))) {
      throw new UnusableFileException(
          "The tensor %s is none of the checkpoint %s; take those that get(name) gives."
              .formatted(Excerpt.of(tensor.name()), checkpoint));
    }
    tensor.requirePart(from, byteCount);
    return files.get(tensor.name());
  }

  /** Gives no files any more. Mapped memory is freed when no part is in use any more. */
  public void close() {
    isClosed = true;
  }
}
