package dev.ovchat;

import java.nio.ByteBuffer;
import java.util.List;

/** What NNCF, torch and OpenVINO gave; made by {@code scripts/golden/golden_compression.py}. */
public record GoldenCompression(List<Matrix> matrices, Conversion conversion) {

  /**
   * A matrix and what became of it.
   *
   * @param type a ElementType's name
   * @param errors of each row alone; null where its range is beyond a float
   */
  public record Matrix(
      String name,
      String type,
      int rows,
      int columns,
      ByteBuffer weights,
      List<Double> errors,
      List<Result> results) {

    /** Short: it names a test. */
    @Override
    public String toString() {
      return name + " " + type;
    }
  }

  /**
   * A matrix compressed in one way.
   *
   * @param mode an IntegerMode's name
   */
  public record Result(
      String mode, int groupSize, ByteBuffer integers, ByteBuffer zeroPoints, ByteBuffer scales) {

    @Override
    public String toString() {
      return mode + " " + groupSize;
    }
  }

  /**
   * Floats and what they become as f16.
   *
   * @param halves by torch
   * @param savedHalves by OpenVINO's save_model, of {@code savedFloats}
   */
  public record Conversion(
      ByteBuffer floats, ByteBuffer halves, ByteBuffer savedFloats, ByteBuffer savedHalves) {}

  /**
   * Reads the matrices that became small floats; made by {@code
   * scripts/golden/golden_float_compression.py}. The mode of a result is a FloatMode's name, and
   * its integers are codes.
   */
  public static List<Matrix> readSmallFloats() {
    return Golden.read("float-compression.json.gz", SmallFloats.class).matrices();
  }

  private record SmallFloats(List<Matrix> matrices) {}

  public static GoldenCompression read() {
    return Golden.read("compression.json.gz", GoldenCompression.class);
  }
}
