package dev.ovchat.compress;

/** The values of {@link FloatMode#CB4}; NNCF's {@code CB4_QUANTILES}. */
public final class Codebook {
  static final float[] VALUES = {
    -3.5f, -2.5f, -1.875f, -1.375f, -1f, -0.625f, -0.3125f, 0f, 0.28125f, 0.5625f, 0.875f, 1.125f,
    1.5f, 2f, 2.5f, 3.5f
  };

  private Codebook() {}

  /** The values as f8e4m3, which has each of them: a new array. */
  public static byte[] f8e4m3() {
    FloatCodes codes = FloatCodes.of(FloatMode.MXFP8_E4M3);
    byte[] bytes = new byte[VALUES.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) codes.of(VALUES[i]);
    }
    return bytes;
  }
}
