package dev.ovchat.compress;

import dev.ovchat.checkpoint.HalfPrecision;

/** The code of the value that is nearest to a weight over its scale, as OpenVINO rounds it. */
interface FloatCodes {
  /** NNCF's {@code CENTER_OF_NF4_QUANTILES}. */
  ValueCenters NF4 =
      new ValueCenters(
          -0.84809643f,
          -0.6106329f,
          -0.45999527f,
          -0.33967942f,
          -0.2346074f,
          -0.13791174f,
          -0.045525018f,
          0.03979015f,
          0.120255254f,
          0.20352125f,
          0.29201376f,
          0.38931254f,
          0.5016634f,
          0.6427869f,
          0.8614784f);

  ValueCenters CB4 = ValueCenters.between(Codebook.VALUES);

  /** Half of them are reached: a weight in the middle becomes the value with an even code. */
  ValueCenters F4E2M1 =
      new ValueCenters(
          0.25f, Math.nextDown(0.75f), 1.25f, Math.nextDown(1.75f), 2.5f, Math.nextDown(3.5f), 5f);

  /** The code of a weight over its scale. */
  int of(float value);

  /** The codes of a format. */
  static FloatCodes of(FloatMode mode) {
    return switch (mode) {
      case NF4 -> NF4::below;
      case CB4 -> CB4::below;
      case MXFP4 -> FloatCodes::f4e2m1;
      case MXFP8_E4M3 -> FloatCodes::f8e4m3;
    };
  }

  private static int f4e2m1(float value) {
    int sign = (Float.floatToRawIntBits(value) >>> 31) << 3;
    return sign | F4E2M1.below(Math.abs(value));
  }

  /** Rounds to f16 first, as the CPU plugin does. */
  private static int f8e4m3(float value) {
    int half = HalfPrecision.fromFloat(value) & 0xFFFF;
    int sign = (half >>> 8) & 0x80;
    int magnitude = half & 0x7FFF;
    if (magnitude < 0x2400) { // below 2⁻⁶ values are multiples of 2⁻⁹
      return sign | (int) Math.rint(HalfPrecision.toFloat((short) magnitude) * 0x1p9);
    }
    int rebased = magnitude - 0x2000; // the exponents' biases are 15 and 7
    int rounded = (rebased + 0x3F + ((rebased >>> 7) & 1)) >>> 7; // half to even
    return sign | rounded;
  }
}
