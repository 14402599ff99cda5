package dev.ovchat.checkpoint;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.MappedFile;
import dev.ovchat.files.StrictJson;
import dev.ovchat.files.UnusableFileException;
import java.util.List;

/**
 * An adapter's addition to one matrix of the model: the product of two narrow matrices, times a
 * scale. They are read anew for each part of the matrix.
 *
 * <pre>
 *   of a linear layer    lora_B [rows, rank] · lora_A [rank, columns]
 *   of an embedding      lora_embedding_A [rank, rows]ᵀ · lora_embedding_B [columns, rank]ᵀ
 * </pre>
 */
public final class LowRankMatrix {
  private final CheckpointTensor left;
  private final CheckpointTensor right;
  private final boolean isTransposed;
  private final double scale;
  private final MappedFile file;

  private LowRankMatrix(
      CheckpointTensor left,
      CheckpointTensor right,
      boolean isTransposed,
      double scale,
      MappedFile file) {
    this.left = left;
    this.right = right;
    this.isTransposed = isTransposed;
    this.scale = scale;
    this.file = file;
  }

  /** The part of a linear layer. */
  static LowRankMatrix linear(
      CheckpointTensor a, CheckpointTensor b, double scale, MappedFile file) {
    return new LowRankMatrix(b, a, false, scale, file);
  }

  /** The part of an embedding, whose matrix has a row for each token. */
  static LowRankMatrix embedding(
      CheckpointTensor a, CheckpointTensor b, double scale, MappedFile file) {
    return new LowRankMatrix(a, b, true, scale, file);
  }

  /** The same with another scale: times a factor. */
  public LowRankMatrix times(double factor) {
    return new LowRankMatrix(left, right, isTransposed, scale * factor, file);
  }

  /** The shape of the matrix that it is added to, [rows, columns]. */
  public List<Long> shape() {
    return List.of(length(left, false), length(right, true));
  }

  private int rank() {
    return Math.toIntExact(length(left, true));
  }

  /** Length of an axis, be the tensor transposed or not. */
  private long length(CheckpointTensor tensor, boolean isLast) {
    return tensor.shape().get(isLast != isTransposed ? 1 : 0);
  }

  /**
   * Reads what is added to some rows of the matrix.
   *
   * @throws UnusableFileException if a number is infinite or NaN
   */
  public WeightChange ofRows(long first, int count) {
    int rank = rank();
    float[] all = read(right, 0, Math.toIntExact(right.size()));
    if (!isTransposed) {
      float[] rows = read(left, first * rank, Math.multiplyExact(count, rank));
      return new LowRankSum(rows, all, rank, (float) scale);
    }
    float[] rows = transposed(columns(left, first, count), count);
    return new LowRankSum(rows, transposed(all, rank), rank, (float) scale);
  }

  /** Some columns of a tensor, as [rows, count]. */
  private float[] columns(CheckpointTensor tensor, long first, int count) {
    int rows = Math.toIntExact(tensor.shape().get(0));
    long width = tensor.shape().get(1);
    float[] part = new float[Math.multiplyExact(rows, count)];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(read(tensor, row * width + first, count), 0, part, row * count, count);
    }
    return part;
  }

  private static float[] transposed(float[] values, int columns) {
    int rows = values.length / columns;
    float[] transposed = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        transposed[column * rows + row] = values[row * columns + column];
      }
    }
    return transposed;
  }

  private float[] read(CheckpointTensor tensor, long first, int count) {
    float[] numbers = new float[count];
    long offset = tensor.offset() + tensor.bytes(first);
    int byteCount = Math.toIntExact(tensor.bytes(count));
    WeightReader.of(tensor, count).read(file.part(offset, byteCount), numbers, count);
    for (float number : numbers) {
      if (!Float.isFinite(number)) {
        throw new UnusableFileException(
            "%s: the tensor %s has numbers that are infinite or no numbers%s"
                .formatted(tensor.file(), Excerpt.of(tensor.name()), StrictJson.AGAIN));
      }
    }
    return numbers;
  }
}
