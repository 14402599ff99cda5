package dev.ovchat.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
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
    ReadableFile.require(path, LARGEST);
    try (InputStream in = Files.newInputStream(path)) {
      return new ShardIndex(path, StrictJson.read(path, in, ShardIndex::weightMap));
    } catch (IOException e) {
      throw ReadableFile.unreadable(path, e);
    }
  }

  private static Map<String, Set<String>> weightMap(StrictJson json) throws IOException {
    Map<String, Set<String>> tensors = null;
    json.object(() -> "the index");
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      if (!field.equals(WEIGHT_MAP)) {
        json.skip();
      } else if (tensors == null) {
        tensors = tensorsByShard(json);
      } else {
        throw json.broken(WEIGHT_MAP + " is there twice");
      }
    }
    if (tensors == null || tensors.isEmpty()) {
      throw json.broken("it names no tensor in " + WEIGHT_MAP);
    }
    return tensors;
  }

  private static Map<String, Set<String>> tensorsByShard(StrictJson json) throws IOException {
    json.object(() -> WEIGHT_MAP);
    Set<String> names = new HashSet<>();
    Map<String, Set<String>> tensors = new LinkedHashMap<>();
    for (String next = json.nextField(); next != null; next = json.nextField()) {
      String name = next;
      String shard = json.text(() -> "the file of the tensor " + Shown.of(name));
      if (!isPlainName(shard)) {
        throw json.broken(
            "the tensor %s is said to be in %s, which is no name of a file beside it"
                .formatted(Shown.of(name), Shown.of(shard)));
      }
      if (!names.add(name)) {
        throw json.broken("the tensor %s is there twice".formatted(Shown.of(name)));
      }
      if (names.size() > MOST_TENSORS) {
        throw json.broken(
            String.format(Locale.ROOT, "it names more than %d tensors", MOST_TENSORS));
      }
      tensors.computeIfAbsent(shard, file -> new LinkedHashSet<>()).add(name);
    }
    return tensors;
  }

  /** Nothing outside of the checkpoint is opened, but for what its links lead to. */
  private static boolean isPlainName(String shard) {
    return !shard.isEmpty()
        && !shard.equals(".")
        && !shard.equals("..")
        && shard.chars().noneMatch(c -> c == '/' || c == '\\' || c < ' ');
  }
}
