package dev.ovchat.tokenizerfile;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Checks SentencePiece's {@code precompiled_charsmap}: which characters a normalizer replaces by
 * what. The native library follows its numbers without a look at where they lead.
 *
 * <p>It is Base64 of: the size of a trie in bytes, the trie, and the replacements in UTF-8. The
 * trie is a double array of 4-byte units: a unit's offset leads to its children, one for each byte,
 * and to its value, which is an index into the replacements.
 */
final class CharacterMap {
  private static final int HAS_VALUE = 1 << 8;
  private static final int LABEL = 1 << 31 | 0xFF;
  private static final int VALUE = Integer.MAX_VALUE;

  private final IntBuffer trie;
  private final ByteBuffer replacements;

  private CharacterMap(IntBuffer trie, ByteBuffer replacements) {
    this.trie = trie;
    this.replacements = replacements;
  }

  /** The fault of a map; empty if it has none. */
  static Optional<String> problem(JsonNode map) {
    if (!map.isTextual()) {
      return Optional.of("its precompiled_charsmap is no text");
    }
    try {
      ByteBuffer bytes =
          ByteBuffer.wrap(Base64.getDecoder().decode(map.asText())).order(ByteOrder.LITTLE_ENDIAN);
      int size = bytes.remaining() < Integer.BYTES ? 0 : bytes.getInt();
      if (size < Integer.BYTES || size > bytes.remaining() || size % Integer.BYTES != 0) {
        return Optional.of("its precompiled_charsmap is cut off");
      }
      ByteBuffer trie = bytes.slice(bytes.position(), size).order(ByteOrder.LITTLE_ENDIAN);
      ByteBuffer text = bytes.position(bytes.position() + size).slice();
      StandardCharsets.UTF_8.newDecoder().decode(text.duplicate());
      return new CharacterMap(trie.asIntBuffer(), text).leadsOut()
          ? Optional.of("its precompiled_charsmap leads out of itself")
          : Optional.empty();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return Optional.of("its precompiled_charsmap is not readable");
    }
  }

  /** Follows every path from the root. Units that no path reaches may hold anything. */
  private boolean leadsOut() {
    BitSet seen = new BitSet();
    Deque<Integer> open = new ArrayDeque<>(List.of(0));
    while (!open.isEmpty()) {
      int node = open.pop();
      int children = node ^ offset(trie.get(node));
      if ((children | 0xFF) >= trie.limit() || (node != 0 && hasWrongValue(node, children))) {
        return true;
      }
      for (int label = 1; label <= 0xFF; label++) {
        int child = children ^ label;
        if ((trie.get(child) & LABEL) == label && !seen.get(child)) {
          seen.set(child);
          open.push(child);
        }
      }
    }
    return false;
  }

  /**
   * Tests whether a value is not the index at which a replacement begins: it is outside, or inside
   * a character.
   */
  private boolean hasWrongValue(int node, int children) {
    int value = trie.get(children) & VALUE;
    return (trie.get(node) & HAS_VALUE) != 0
        && (value >= replacements.limit() || (replacements.get(value) & 0xC0) == 0x80);
  }

  private static int offset(int unit) {
    return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
  }
}
