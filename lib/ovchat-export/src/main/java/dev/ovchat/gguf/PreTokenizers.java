package dev.ovchat.gguf;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.JsonText;
import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Rules by which byte-level vocabularies cut a text before they merge: a GGUF file has no more of
 * them than llama.cpp's name, {@code tokenizer.ggml.pre}. The table is {@code pre-tokenizers.json}:
 * the regular expressions of the published tokenizers, each applied to what the one before left.
 */
final class PreTokenizers {
  private static final Map<String, Object> TABLE = table();

  private PreTokenizers() {}

  private static Map<String, Object> table() {
    try (InputStream in = PreTokenizers.class.getResourceAsStream("pre-tokenizers.json")) {
      return JsonText.map(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * One line of the table: {@code splits}, and where they differ from the usual ones {@code
   * normalizer}, {@code ignore_merges} and {@code add_bos}.
   *
   * @param file for the message
   * @throws UnusableFileException if the table has no such name
   */
  static Map<?, ?> of(String name, Path file) {
    TreeSet<String> known = new TreeSet<>();
    for (Object line : (List<?>) TABLE.get("preTokenizers")) {
      List<?> names = (List<?>) ((Map<?, ?>) line).get("names");
      if (names.contains(name)) {
        return (Map<?, ?>) line;
      }
      names.forEach(each -> known.add(each.toString()));
    }
    throw new UnusableFileException(
        "%s cuts texts by the rules %s (tokenizer.ggml.pre); the export knows %s."
            .formatted(file, Excerpt.of(name), String.join(", ", known)));
  }
}
