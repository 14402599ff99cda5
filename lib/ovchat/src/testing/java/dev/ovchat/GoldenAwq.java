package dev.ovchat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * What NNCF's data-free AWQ gave; made by {@code scripts/golden/golden_awq.py}.
 *
 * @param layers feed-forward parts
 * @param exports exports of small checkpoints
 */
public record GoldenAwq(List<Layer> layers, List<Exported> exports) {
  public static final int HIDDEN = 64;
  public static final int INNER = 96;

  /**
   * Two matrices of a feed-forward part, up_proj [INNER, HIDDEN] and down_proj [HIDDEN, INNER], and
   * what became of them: up_proj as floats, down_proj in INT4_SYM with groups of 32.
   *
   * @param type an ElementType's name
   * @param factors f32, of the features between them, where they are multiplied in the graph
   */
  public record Layer(
      String type,
      ByteBuffer up,
      ByteBuffer down,
      ByteBuffer scaledUp,
      ByteBuffer integers,
      ByteBuffer scales,
      ByteBuffer factors) {

    @Override
    public String toString() {
      return type;
    }
  }

  /**
   * An export by the documented command.
   *
   * @param options those beside {@code --awq}
   * @param constants element type and digest of those that AWQ may change, by our names
   */
  public record Exported(String checkpoint, String options, Map<String, String> constants) {

    @Override
    public String toString() {
      return checkpoint + " " + options;
    }
  }

  public static GoldenAwq read() {
    return Golden.read("awq.json.gz", GoldenAwq.class);
  }
}
