package dev.ovchat.tokenizerfile;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * Spelling of the text of tokens by a vocabulary, and the way that people read it. By the decoder
 * of {@code tokenizer.json}, a token is
 *
 * <ul>
 *   <li>bytes, each spelled as the letter that GPT-2 gave it (ByteLevel): {@code ĠcaÃ§a};
 *   <li>text with {@code ▁} for spaces (Metaspace, or Replace), or one byte, {@code <0x0A>}
 *       (ByteFallback);
 *   <li>the rest of a word after {@code ##}, or else a word (WordPiece);
 *   <li>text with {@code </w>} at the end of a word (BPEDecoder).
 * </ul>
 *
 * <p>People read the same for all of them: the token's text, with {@code ▁} for a space, {@code ↵}
 * for a line end, {@code ⇥} for a tab, and {@code <0xE2>} for a byte that is a part of a character.
 */
public final class TokenSpelling {
  private static final String SPACE = "▁";

  private final List<JsonNode> steps = new ArrayList<>();
  private final BitSet added = new BitSet();
  private final BitSet special = new BitSet();

  private TokenSpelling() {}

  /**
   * @param tokenizer {@code tokenizer.json}, of which the decoder and the added tokens are read
   */
  static TokenSpelling of(JsonNode tokenizer) {
    TokenSpelling spelling = new TokenSpelling();
    spelling.add(tokenizer.path("decoder"));
    for (JsonNode token : tokenizer.path("added_tokens")) {
      int id = token.path("id").asInt();
      spelling.added.set(id);
      spelling.special.set(id, token.path("special").asBoolean());
    }
    return spelling;
  }

  /** A decoder may be a sequence of decoders. */
  private void add(JsonNode decoder) {
    if (decoder.isObject()) {
      steps.add(decoder);
      decoder.path("decoders").forEach(this::add);
    }
  }

  private boolean has(String type) {
    for (JsonNode step : steps) { // for each token of a text: no stream
      if (step.path("type").asText().equals(type)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The token as people read it.
   *
   * @param token the token as the vocabulary spells it
   */
  public String visible(int id, String token) {
    return visible(bytes(id, token));
  }

  /**
   * The bytes that a token adds to a text, in UTF-8; some tokens hold a part of a character.
   *
   * @param token the token as the vocabulary spells it
   */
  public byte[] bytes(int id, String token) {
    if (has("ByteLevel")) {
      return ByteLetters.bytes(token);
    } else if (has("ByteFallback") && isByte(token)) {
      return new byte[] {(byte) Integer.parseInt(token.substring(3, 5), 16)};
    }
    String text = added.get(id) || token.isEmpty() ? token : text(token);
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Tests whether a token is a special one, which decoding can leave out. */
  public boolean isSpecial(int id) {
    return special.get(id);
  }

  private static boolean isByte(String token) {
    return token.startsWith("<0x") && token.matches("<0x[0-9A-Fa-f]{2}>");
  }

  private String text(String token) {
    String text = steps.isEmpty() ? " " + token : token; // the library then joins by spaces
    for (JsonNode step : steps) {
      text = decoded(text, step);
    }
    return text;
  }

  private static String decoded(String token, JsonNode step) {
    return switch (step.path("type").asText()) {
      case "Metaspace" -> token.replace(step.path("replacement").asText(SPACE), " ");
      case "Replace" -> replaced(token, step.path("pattern").path("String").asText(), step);
      case "BPEDecoder" -> token.replace(step.path("suffix").asText("</w>"), " ");
      case "WordPiece" -> {
        String prefix = step.path("prefix").asText("##");
        yield token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
      }
      default -> token;
    };
  }

  private static String replaced(String token, String pattern, JsonNode step) {
    return pattern.isEmpty() ? token : token.replace(pattern, step.path("content").asText());
  }

  /** Characters as they are, and bytes that make none one by one. */
  private static String visible(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bytes.length; ) {
      int length = Utf8.lengthAt(bytes, i);
      if (length == 0) {
        text.append(String.format(Locale.ROOT, "<0x%02X>", bytes[i] & 0xff));
        i++;
      } else {
        text.append(sign(new String(bytes, i, length, StandardCharsets.UTF_8)));
        i += length;
      }
    }
    return text.toString();
  }

  private static String sign(String character) {
    char c = character.charAt(0);
    return switch (c) {
      case ' ' -> SPACE;
      case '\n' -> "↵";
      case '\t' -> "⇥";
      case 0x7f -> "␡";
      default -> c < ' ' ? Character.toString('␀' + c) : character;
    };
  }
}
