package dev.ovchat.checkpoint;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.JsonRules;
import dev.ovchat.files.ReadableFile;
import dev.ovchat.files.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The index of a checkpoint's shards, {@code model.safetensors.index.json}: the file that holds
 * each tensor.
 *
 * @param tensors names of tensors, by the name of the file beside the index
 */
record ShardIndex(Path path, Map<String, Set<String>> tensors) {
  private static final String WEIGHT_MAP = "weight_map";

  /** A limit far above any real file (10 MB), in bytes. */
  private static final long LARGEST = 100_000_000;

  /** A limit far above any real checkpoint (150,000). */
  private static final int MOST_TENSORS = 500_000;

  static ShardIndex read(Path path) {
    try (InputStream in = ReadableFile.open(path, LARGEST)) {
      return new ShardIndex(
          path, StrictJson.read(path, in, JsonRules.PYTHON, ShardIndex::weightMap));
    } catch (IOException e) {
      throw ReadableFile.unreadable(path, e);
    }
  }

  /** Reads the weight map; of duplicate names, the last one counts. */
  private static Map<String, Set<String>> weightMap(StrictJson json) throws IOException {
    Map<String, String> shards = Map.of();
    json.object(() -> "the index");
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      if (field.equals(WEIGHT_MAP)) {
        shards = shards(json);
      } else {
        json.skip();
      }
    }
    if (shards.isEmpty()) {
      throw json.broken("it names no tensor in " + WEIGHT_MAP);
    }
    Map<String, Set<String>> tensors = new LinkedHashMap<>();
    shards.forEach(
        (name, shard) -> {
          if (!isPlainName(shard)) {
            throw json.broken(
                "the tensor %s is said to be in %s, which is no name of a file beside it"
                    .formatted(Excerpt.of(name), Excerpt.of(shard)));
          }
          tensors.computeIfAbsent(shard, file -> new LinkedHashSet<>()).add(name);
        });
    return tensors;
  }

  private static Map<String, String> shards(StrictJson json) throws IOException {
    json.object(() -> WEIGHT_MAP);
    Map<String, String> shards = new LinkedHashMap<>();
    for (String next = json.nextField(); next != null; next = json.nextField()) {
      String name = next;
      shards.put(name, json.text(() -> "the file of the tensor " + Excerpt.of(name)));
      if (shards.size() > MOST_TENSORS) {
        throw json.broken(
            String.format(Locale.ROOT, "it names more than %d tensors", MOST_TENSORS));
      }
    }
    return shards;
  }

  /**
   * Tests whether a name is a plain file name: nothing outside of the checkpoint is opened, except
   * through links in it.
   */
  private static boolean isPlainName(String shard) {
    return !shard.isEmpty()
        && !shard.equals(".")
        && !shard.equals("..")
        && shard.chars().noneMatch(c -> c == '/' || c == '\\' || c < ' ')
        && isPath(shard);
  }

  /** Tests whether the system has a place for the name: half a character has no bytes. */
  private static boolean isPath(String name) {
    try {
      Path unused = Path.of(name);
      return true;
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
