package dev.ovchat.checkpoint;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.UnusableFileException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The weights of a checkpoint with experts, where each matrix of all experts of a layer is one
 * tensor [experts, rows, columns], however the files have it; {@link ExpertNames} knows how.
 * Nothing is copied until it is read.
 */
final class ExpertTensors implements CheckpointTensors {
  private final CheckpointTensors files;
  private final Map<String, MadeTensor> made = new LinkedHashMap<>();
  private final Set<String> names = new LinkedHashSet<>();
  private final Set<String> sources;

  private ExpertTensors(CheckpointTensors files, ExpertNames experts) {
    this.files = files;
    this.sources = experts.used();
    names.addAll(files.names());
    names.removeAll(sources);
    for (MadeTensor each : experts.made()) {
      String name = each.tensor().name();
      if (made.put(name, each) != null || !names.add(name)) {
        throw new UnusableFileException(
            "The checkpoint %s has the weights %s in two forms; take one that one version of transformers wrote."
                .formatted(path(), Excerpt.of(name)));
      }
    }
  }

  /** The weights with those of all experts as one; the same where there are no experts. */
  static CheckpointTensors of(CheckpointTensors files) {
    ExpertNames experts = new ExpertNames(files);
    return experts.made().isEmpty() ? files : new ExpertTensors(files, experts);
  }

  @Override
  public Path path() {
    return files.path();
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(names);
  }

  @Override
  public Set<String> otherParts() {
    return files.otherParts();
  }

  @Override
  public boolean has(String name) {
    return names.contains(name);
  }

  @Override
  public boolean isNamedInVain(String name) {
    return !made.containsKey(name) && files.isNamedInVain(name);
  }

  @Override
  public CheckpointTensor get(String name) {
    MadeTensor tensor = made.get(name);
    return tensor == null ? files.get(name) : tensor.tensor();
  }

  /** {@inheritDoc} What the files have in another way is copied, too. */
  @Override
  public ByteBuffer map(CheckpointTensor tensor, long from, int byteCount) {
    MadeTensor known = made.get(tensor.name());
    if (known == null || !known.tensor().equals(tensor)) {
      return files.map(tensor, from, byteCount);
    }
    tensor.requirePart(from, byteCount);
    return known.map(files, from, byteCount);
  }

  @Override
  public void requireAllUsed(Set<String> used) {
    Set<String> inFiles = new LinkedHashSet<>(used);
    inFiles.addAll(sources);
    files.requireAllUsed(inFiles);
  }

  @Override
  public void requireUnchanged() {
    files.requireUnchanged();
  }

  @Override
  public void close() {
    files.close();
  }
}
