package dev.ovchat.grammar;

import dev.ovchat.text.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A model's tokens as lib/grammar takes them: for each its length in four bytes, and its bytes. */
final class TokenTable {
  /** Begins a token that is not text. No byte of UTF-8 has this value. */
  private static final byte MARK = (byte) 0xff;

  private TokenTable() {}

  static byte[] of(Tokenizer tokenizer, int count) {
    var table = new ByteArrayOutputStream();
    for (int id = 0; id < count; id++) {
      byte[] bytes = bytes(tokenizer, id);
      table.writeBytes(littleEndian(bytes.length));
      table.writeBytes(bytes);
    }
    return table.toByteArray();
  }

  /** A special token has its name after a mark, by which a grammar can ask for it. */
  private static byte[] bytes(Tokenizer tokenizer, int id) {
    if (tokenizer.isSpecial(id)) {
      byte[] name = tokenizer.token(id).getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.allocate(1 + name.length).put(MARK).put(name).array();
    }
    byte[] bytes = tokenizer.tokenBytes(id);
    return bytes.length > 0 && bytes[0] == MARK ? new byte[0] : bytes; // never part of a text
  }

  /** Numbers as the module reads them. */
  static byte[] littleEndian(int... numbers) {
    var bytes = ByteBuffer.allocate(Integer.BYTES * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(numbers);
    return bytes.array();
  }

  /** Numbers as the module writes them. */
  static int[] numbers(byte[] bytes) {
    int[] numbers = new int[bytes.length / Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(numbers);
    return numbers;
  }
}
