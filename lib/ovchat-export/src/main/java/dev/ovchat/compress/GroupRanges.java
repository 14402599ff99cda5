package dev.ovchat.compress;

/** Minimum and maximum of each group of a row. */
final class GroupRanges {
  /** Groups up to this size are searched one by one; larger ones are halved first. */
  private static final int SMALL = 16;

  private final int groupSize;
  private final float[] least;
  private final float[] greatest;
  private final float[] shifted;
  private final float[][] lower;
  private final float[][] higher;

  GroupRanges(int columns, int groupSize) {
    this.groupSize = groupSize;
    this.least = new float[columns / groupSize];
    this.greatest = new float[columns / groupSize];
    int folded = columns - groupSize / 2;
    this.shifted = new float[folded];
    this.lower = new float[2][folded];
    this.higher = new float[2][folded];
  }

  float least(int group) {
    return least[group];
  }

  float greatest(int group) {
    return greatest[group];
  }

  /**
   * Finds the minima and maxima of a row. Each step folds one half of each group onto the other,
   * for the whole row in one loop: the compiler vectorizes that, but not a running minimum.
   */
  void find(float[] row) {
    float[] low = row;
    float[] high = row;
    int length = row.length;
    int size = groupSize;
    for (int turn = 0; size > SMALL && size % 2 == 0; turn ^= 1) {
      size /= 2;
      length -= size;
      foldMinima(low, size, lower[turn], length);
      foldMaxima(high, size, higher[turn], length);
      low = lower[turn];
      high = higher[turn];
    }
    for (int group = 0; group < least.length; group++) {
      search(low, high, group, size);
    }
  }

  private void foldMinima(float[] values, int distance, float[] minima, int count) {
    System.arraycopy(values, distance, shifted, 0, count);
    minima(values, shifted, minima, count);
  }

  private static void minima(float[] values, float[] others, float[] minima, int count) {
    for (int i = 0; i < count; i++) {
      minima[i] = Math.min(values[i], others[i]);
    }
  }

  private void foldMaxima(float[] values, int distance, float[] maxima, int count) {
    System.arraycopy(values, distance, shifted, 0, count);
    maxima(values, shifted, maxima, count);
  }

  private static void maxima(float[] values, float[] others, float[] maxima, int count) {
    for (int i = 0; i < count; i++) {
      maxima[i] = Math.max(values[i], others[i]);
    }
  }

  private void search(float[] low, float[] high, int group, int size) {
    int from = group * groupSize;
    int lowest = ordered(low[from]);
    int highest = ordered(high[from]);
    for (int i = from + 1; i < from + size; i++) {
      lowest = Math.min(lowest, ordered(low[i]));
      highest = Math.max(highest, ordered(high[i]));
    }
    least[group] = original(lowest);
    greatest[group] = original(highest);
  }

  /**
   * An int that compares as the float does. Comparing floats takes a branch, which the processor
   * mispredicts several times a group.
   */
  private static int ordered(float value) {
    int bits = Float.floatToRawIntBits(value);
    return bits ^ ((bits >> 31) >>> 1);
  }

  private static float original(int ordered) {
    return Float.intBitsToFloat(ordered ^ ((ordered >> 31) >>> 1));
  }
}
