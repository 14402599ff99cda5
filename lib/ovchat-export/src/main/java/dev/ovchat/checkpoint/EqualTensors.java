package dev.ovchat.checkpoint;

import java.nio.ByteBuffer;

/** Compares the weights of two tensors, be they of different types: as numbers, not as bytes. */
public final class EqualTensors {
  private static final int BLOCK = 1 << 18;

  /** Maps a part of a tensor: {@link CheckpointTensors#map}. */
  interface Mapping {
    ByteBuffer map(CheckpointTensor tensor, long from, int byteCount);
  }

  private final Mapping mapping;
  private final CheckpointTensor tensor;
  private final WeightReader reader;
  private final float[] weights = new float[BLOCK];

  private EqualTensors(Mapping mapping, CheckpointTensor tensor) {
    this.mapping = mapping;
    this.tensor = tensor;
    this.reader = WeightReader.of(tensor, BLOCK);
  }

  /** Tests whether both tensors have the same shape and the same values; NaN equals nothing. */
  public static boolean areEqual(
      CheckpointTensors checkpoint, CheckpointTensor tensor, CheckpointTensor other)
      throws InterruptedException {
    return areEqual(tensor, checkpoint::map, other, checkpoint::map);
  }

  /** Tests the same of tensors in different places; each is mapped by its own. */
  static boolean areEqual(
      CheckpointTensor tensor, Mapping of, CheckpointTensor other, Mapping ofOther)
      throws InterruptedException {
    if (!tensor.shape().equals(other.shape())) {
      return false;
    }
    EqualTensors left = new EqualTensors(of, tensor);
    EqualTensors right = new EqualTensors(ofOther, other);
    long size = tensor.size();
    for (long first = 0; first < size; first += BLOCK) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      int count = (int) Math.min(BLOCK, size - first);
      left.read(first, count);
      right.read(first, count);
      if (!areEqual(left.weights, right.weights, count)) {
        return false;
      }
    }
    return true;
  }

  private void read(long first, int count) {
    int bytes = (int) tensor.bytes(count);
    reader.read(mapping.map(tensor, tensor.bytes(first), bytes), weights, count);
  }

  private static boolean areEqual(float[] left, float[] right, int count) {
    for (int i = 0; i < count; i++) {
      if (left[i] != right[i]) {
        return false;
      }
    }
    return true;
  }
}
