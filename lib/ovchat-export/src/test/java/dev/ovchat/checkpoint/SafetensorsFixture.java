package dev.ovchat.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Writes safetensors files by hand, broken ones too. */
final class SafetensorsFixture {
  /** One tensor of four bytes, {@code a}. */
  static final String ONE = header("a", "F32", "[1]", 0, 4);

  private SafetensorsFixture() {}

  static String header(String name, String type, String shape, long begin, long end) {
    return "{%s}".formatted(entry(name, type, shape, begin, end));
  }

  static String entry(String name, String type, String shape, long begin, long end) {
    return String.format(
        Locale.ROOT,
        "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}",
        name,
        type,
        shape,
        begin,
        end);
  }

  static Path write(Path file, String header, int weightBytes) throws IOException {
    return write(file, header.getBytes(StandardCharsets.UTF_8), weightBytes);
  }

  static Path write(Path file, byte[] header, int weightBytes) throws IOException {
    return Files.write(file, file(header, weightBytes));
  }

  static byte[] file(String header, int weightBytes) {
    return file(header.getBytes(StandardCharsets.UTF_8), weightBytes);
  }

  /** With weights that count up from 0. */
  private static byte[] file(byte[] header, int weightBytes) {
    ByteBuffer content =
        ByteBuffer.allocate(Long.BYTES + header.length + weightBytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header);
    for (int i = 0; i < weightBytes; i++) {
      content.put((byte) i);
    }
    return content.array();
  }
}
