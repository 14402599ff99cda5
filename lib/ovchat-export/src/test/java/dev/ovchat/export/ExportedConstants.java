package dev.ovchat.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The constants of an exported model. */
final class ExportedConstants {
  private static final Pattern CONSTANT =
      Pattern.compile(
          "name=\"([^\"]+)\" type=\"Const\"[^>]*>\\s*<data element_type=\"(\\w+)\""
              + " shape=\"[\\d, ]*\" offset=\"(\\d+)\" size=\"(\\d+)\"");

  private ExportedConstants() {}

  /** Element type and digest of each, by its name. */
  static Map<String, String> digests(Path directory) throws IOException {
    byte[] weights = Files.readAllBytes(directory.resolve("openvino_model.bin"));
    Map<String, String> digests = new TreeMap<>();
    CONSTANT
        .matcher(Files.readString(directory.resolve("openvino_model.xml")))
        .results()
        .forEach(
            constant -> {
              int from = Integer.parseInt(constant.group(3));
              int to = from + Integer.parseInt(constant.group(4));
              String digest = digest(Arrays.copyOfRange(weights, from, to));
              digests.put(constant.group(1), constant.group(2) + " " + digest);
            });
    return digests;
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
