package dev.ovchat.chart;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Reduces an image to 256 colours at most, so that it takes a third of the bytes: it keeps those
 * that most pixels have, and replaces each other one by the nearest of them. The colours that a
 * chart is drawn with stay; the others are the edges of letters.
 */
final class FewColours {
  private static final int MOST = 256;

  private FewColours() {}

  static BufferedImage of(BufferedImage image) {
    int width = image.getWidth();
    int[] pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
    Map<Integer, Integer> counts = new HashMap<>();
    IntStream.of(pixels).forEach(pixel -> counts.merge(pixel, 1, Integer::sum));
    int[] palette =
        counts.entrySet().stream()
            .sorted(
                Map.Entry.<Integer, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(MOST)
            .mapToInt(Map.Entry::getKey)
            .toArray();
    var colours = new IndexColorModel(8, palette.length, palette, 0, true, -1, 0);
    WritableRaster raster = colours.createCompatibleWritableRaster(width, image.getHeight());
    Map<Integer, Integer> nearest = new HashMap<>();
    for (int i = 0; i < pixels.length; i++) {
      int place = nearest.computeIfAbsent(pixels[i], pixel -> nearest(pixel, palette));
      raster.setSample(i % width, i / width, 0, place);
    }
    return new BufferedImage(colours, raster, false, null);
  }

  private static int nearest(int colour, int... palette) {
    int nearest = 0;
    for (int i = 1; i < palette.length; i++) {
      if (distance(colour, palette[i]) < distance(colour, palette[nearest])) {
        nearest = i;
      }
    }
    return nearest;
  }

  private static int distance(int one, int other) {
    int sum = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      int difference = ((one >> shift) & 0xff) - ((other >> shift) & 0xff);
      sum += difference * difference;
    }
    return sum;
  }
}
