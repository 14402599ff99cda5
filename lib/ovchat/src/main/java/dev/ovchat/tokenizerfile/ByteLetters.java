package dev.ovchat.tokenizerfile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The letters that stand for bytes in byte-level vocabularies, as GPT-2's encoder chose them: a
 * byte that Latin-1 shows is spelled by its own character, and the others, in their order, by those
 * from U+0100 on. So a space is {@code Ġ} and a line end {@code Ċ}.
 */
final class ByteLetters {
  private static final Map<Integer, Integer> BYTES = bytes();

  private ByteLetters() {}

  private static Map<Integer, Integer> bytes() {
    Map<Integer, Integer> bytes = new HashMap<>();
    int next = 0x100;
    for (int value = 0; value < 256; value++) {
      boolean isShown = (value >= '!' && value <= '~') || (value >= 0xa1 && value != 0xad);
      bytes.put(isShown ? value : next++, value);
    }
    return bytes;
  }

  /** The bytes of a token; of one with any other character, as added ones have, its UTF-8. */
  static byte[] bytes(String token) {
    if (!token.codePoints().allMatch(BYTES::containsKey)) {
      return token.getBytes(StandardCharsets.UTF_8);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    token.codePoints().forEach(letter -> bytes.write(BYTES.get(letter)));
    return bytes.toByteArray();
  }
}
