package dev.ovchat.gguf;

import dev.ovchat.checkpoint.BlockFormat;
import dev.ovchat.graph.ElementType;
import java.util.Map;
import java.util.Optional;

/** The numbers that ggml gives to types of weights. */
final class GgufTypes {
  /** The names of all types that can be exported, for messages. */
  static final String KNOWN =
      "F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL and MXFP4";

  private static final Map<Integer, ElementType> FLOATS =
      Map.of(0, ElementType.F32, 1, ElementType.F16, 30, ElementType.BF16);

  private static final Map<Integer, BlockFormat> BLOCKS =
      Map.ofEntries(
          Map.entry(2, BlockFormat.Q4_0),
          Map.entry(3, BlockFormat.Q4_1),
          Map.entry(6, BlockFormat.Q5_0),
          Map.entry(7, BlockFormat.Q5_1),
          Map.entry(8, BlockFormat.Q8_0),
          Map.entry(10, BlockFormat.Q2_K),
          Map.entry(11, BlockFormat.Q3_K),
          Map.entry(12, BlockFormat.Q4_K),
          Map.entry(13, BlockFormat.Q5_K),
          Map.entry(14, BlockFormat.Q6_K),
          Map.entry(20, BlockFormat.IQ4_NL),
          Map.entry(39, BlockFormat.MXFP4));

  /** Types that are known by name and cannot be exported. */
  private static final Map<Integer, String> OTHERS =
      Map.ofEntries(
          Map.entry(9, "Q8_1"),
          Map.entry(15, "Q8_K"),
          Map.entry(16, "IQ2_XXS"),
          Map.entry(17, "IQ2_XS"),
          Map.entry(18, "IQ3_XXS"),
          Map.entry(19, "IQ1_S"),
          Map.entry(21, "IQ3_S"),
          Map.entry(22, "IQ2_S"),
          Map.entry(23, "IQ4_XS"),
          Map.entry(24, "I8"),
          Map.entry(25, "I16"),
          Map.entry(26, "I32"),
          Map.entry(27, "I64"),
          Map.entry(28, "F64"),
          Map.entry(29, "IQ1_M"),
          Map.entry(34, "TQ1_0"),
          Map.entry(35, "TQ2_0"),
          Map.entry(40, "NVFP4"));

  private GgufTypes() {}

  /** The element type of weights that are not quantized. */
  static Optional<ElementType> floats(int type) {
    return Optional.ofNullable(FLOATS.get(type));
  }

  /** The format of quantized weights. */
  static Optional<BlockFormat> blocks(int type) {
    return Optional.ofNullable(BLOCKS.get(type));
  }

  /** The name of a type that cannot be exported. */
  static String name(int type) {
    return OTHERS.getOrDefault(type, "number " + Integer.toUnsignedString(type));
  }
}
