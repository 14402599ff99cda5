package dev.ovchat.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which file of a checkpoint holds which tensor: {@code model.safetensors.index.json}.
 *
 * @param shardOf names of tensors, to names of files beside the index
 */
record ShardIndex(Path path, Map<String, String> shardOf) {
  static final String FILE = "model.safetensors.index.json";

  private static final String WEIGHT_MAP = "weight_map";

  /** Far above any real one (10 MB). */
  private static final long LARGEST = 100_000_000;

  /** Far above any real one (150,000). */
  private static final int MOST_TENSORS = 500_000;

  static ShardIndex read(Path path) {
    ReadableFile.require(path);
    if (ReadableFile.size(path) > LARGEST) {
      throw new CheckpointException(
          "%s has %d bytes; an index has at most %d.%s"
              .formatted(path, ReadableFile.size(path), LARGEST, StrictJson.AGAIN));
    }
    try (InputStream in = Files.newInputStream(path)) {
      return new ShardIndex(path, StrictJson.read(path, in, ShardIndex::weightMap));
    } catch (IOException e) {
      throw ReadableFile.unreadable(path, e);
    }
  }

  private static Map<String, String> weightMap(StrictJson json) throws IOException {
    Map<String, String> shardOf = new LinkedHashMap<>();
    json.object("the index");
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      if (field.equals(WEIGHT_MAP)) {
        addShards(json, shardOf);
      } else {
        json.skip();
      }
    }
    if (shardOf.isEmpty()) {
      throw json.broken("it names no tensor in " + WEIGHT_MAP);
    }
    return shardOf;
  }

  private static void addShards(StrictJson json, Map<String, String> shardOf) throws IOException {
    json.object(WEIGHT_MAP);
    for (String name = json.nextField(); name != null; name = json.nextField()) {
      String tensor = "the tensor " + Shown.of(name);
      String shard = json.text("the file of " + tensor);
      if (!isPlainName(shard)) {
        throw json.broken(
            "the file of %s is %s, which is no name of a file in the same folder"
                .formatted(tensor, Shown.of(shard)));
      }
      if (shardOf.put(name, shard) != null) {
        throw json.broken(tensor + " is there twice");
      }
      if (shardOf.size() > MOST_TENSORS) {
        throw json.broken("it names more than %d tensors".formatted(MOST_TENSORS));
      }
    }
  }

  private static boolean isPlainName(String shard) {
    return !shard.isEmpty()
        && !shard.equals(".")
        && !shard.equals("..")
        && shard.chars().noneMatch(c -> c == '/' || c == '\\' || c < ' ');
  }
}
