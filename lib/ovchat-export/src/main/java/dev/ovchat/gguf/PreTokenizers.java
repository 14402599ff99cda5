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
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Rules by which byte-level vocabularies cut a text before they merge: a GGUF file has no more of
 * them than llama.cpp's name, {@code tokenizer.ggml.pre}. The table is {@code pre-tokenizers.json}:
 * the regular expressions of the published tokenizers, each applied to what the one before left.
 */
final class PreTokenizers {
  /** The rules, by llama.cpp's names, in alphabetical order. */
  private static final SortedMap<String, Rules> TABLE = table();

  /**
   * One line of the table.
   *
   * @param splits regular expressions; each match becomes a piece, and so does what is between them
   * @param normalizer the type of what comes before
   * @param ignoresMerges whether a piece that is a token is taken whole
   * @param addsBos whether a text begins with the bos token where the file does not say
   */
  record Rules(
      List<String> splits, Optional<String> normalizer, boolean ignoresMerges, boolean addsBos) {}

  private PreTokenizers() {}

  private static SortedMap<String, Rules> table() {
    SortedMap<String, Rules> table = new TreeMap<>();
    try (InputStream in = PreTokenizers.class.getResourceAsStream("pre-tokenizers.json")) {
      for (Object each : (List<?>) JsonText.map(in).get("preTokenizers")) {
        Map<?, ?> line = (Map<?, ?>) each;
        Rules rules =
            new Rules(
                texts(line.get("splits")),
                Optional.ofNullable((String) line.get("normalizer")),
                line.containsKey("ignore_merges"),
                line.containsKey("add_bos"));
        texts(line.get("names")).forEach(name -> table.put(name, rules));
      }
      return table;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> texts(Object list) {
    return ((List<?>) list).stream().map(String.class::cast).toList();
  }

  /**
   * The rules of that name.
   *
   * @param file for the message
   * @throws UnusableFileException if the table has no such name
   */
  static Rules of(String name, Path file) {
    if (!TABLE.containsKey(name)) {
      throw new UnusableFileException(
          "%s cuts texts by the rules %s (tokenizer.ggml.pre); the export knows %s."
              .formatted(file, Excerpt.of(name), String.join(", ", TABLE.keySet())));
    }
    return TABLE.get(name);
  }
}
