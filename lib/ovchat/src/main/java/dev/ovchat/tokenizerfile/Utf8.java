package dev.ovchat.tokenizerfile;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Characters among bytes. */
final class Utf8 {
  private Utf8() {}

  /** Number of bytes of the character that begins at an index; 0 if none begins there. */
  static int lengthAt(byte[] bytes, int index) {
    int first = bytes[index] & 0xff;
    int length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (index + length > bytes.length) {
      return 0;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, index, length));
      return length;
    } catch (CharacterCodingException e) { // bytes that do not make a character, or the end of one
      return 0;
    }
  }
}
