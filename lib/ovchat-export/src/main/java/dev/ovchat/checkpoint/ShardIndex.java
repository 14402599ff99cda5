package dev.ovchat.checkpoint;

import dev.ovchat.files.JsonRules;
import dev.ovchat.files.ReadableFile;
import dev.ovchat.files.Shown;
import dev.ovchat.files.StrictJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which file of a checkpoint holds which tensors: {@code model.safetensors.index.json}.
 *
 * @param tensors their names, by the name of the file beside the index
 */
record ShardIndex(Path path, Map<String, Set<String>> tensors) {
  static final String FILE = "model.safetensors.index.json";

  private static final String WEIGHT_MAP = "weight_map";

  /** Far above any real one (10 MB). */
  private static final long LARGEST = 100_000_000;

  /** Far above any real one (150,000). */
  private static final int MOST_TENSORS = 500_000;

  static ShardIndex read(Path path) {
    try (InputStream in = ReadableFile.open(path, LARGEST)) {
      return new ShardIndex(
          path, StrictJson.read(path, in, JsonRules.PYTHON, ShardIndex::weightMap));
    } catch (IOException e) {
      throw ReadableFile.unreadable(path, e);
    }
  }

  /** Of what is there twice, the last one counts. */
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
                    .formatted(Shown.of(name), Shown.of(shard)));
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
      shards.put(name, json.text(() -> "the file of the tensor " + Shown.of(name)));
      if (shards.size() > MOST_TENSORS) {
        throw json.broken(
            String.format(Locale.ROOT, "it names more than %d tensors", MOST_TENSORS));
      }
    }
    return shards;
  }

  /** Nothing outside of the checkpoint is opened, but for what its links lead to. */
  private static boolean isPlainName(String shard) {
    return !shard.isEmpty()
        && !shard.equals(".")
        && !shard.equals("..")
        && shard.chars().noneMatch(c -> c == '/' || c == '\\' || c < ' ');
  }
}
