package dev.ovchat.openvino;

import dev.ovchat.files.ReadableFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A folder that keeps compiled models for the next load, which then takes a fraction of the time.
 *
 * <pre>{@code
 * var cache = CompileCache.in(Path.of("./compiled"));
 * var model = CausalLM.load(modelDir, device, cache.config(config));
 * }</pre>
 *
 * <p>OpenVINO looks for what was compiled from the same graph and weights, for the same device and
 * config, by the same version; anything else, and what is damaged, is compiled anew. A compiled
 * model takes up to one and a half times the size of its weights.
 *
 * @param folder where they are; it belongs to one user
 * @param maxBytes how much is kept from one load to the next: of more, the oldest are deleted
 */
public record CompileCache(Path folder, long maxBytes) {
  private static final long DEFAULT_MAX_BYTES = 8L << 30;

  /** A cache of 8 GiB at most. */
  public static CompileCache in(Path folder) {
    return new CompileCache(folder, DEFAULT_MAX_BYTES);
  }

  /**
   * A config with this cache: a copy whose {@code CACHE_DIR} is the folder. The folder is made if
   * it is not there, for its user alone, and what is too much in it is deleted.
   *
   * @throws OpenVinoException if the folder cannot be written, or belongs to another user, who
   *     could put anything there to be run as a model
   */
  public Map<String, String> config(Map<String, String> config) {
    try {
      makeFolder();
      deleteOldest();
    } catch (IOException e) {
      throw new OpenVinoException(
          "Compiled models cannot be kept in %s: %s. Name a folder that you can write to."
              .formatted(folder, ReadableFile.writeReason(e)),
          e);
    }
    Map<String, String> cached = new TreeMap<>(config);
    cached.put("CACHE_DIR", folder.toString());
    return cached;
  }

  private void makeFolder() throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder.toAbsolutePath().getParent());
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Path mine = Files.createTempFile(folder, "probe", null);
    try {
      if (!Files.getOwner(mine).equals(Files.getOwner(folder))) {
        throw new OpenVinoException(
            "The folder %s belongs to %s, who could put anything there to be run as a model. Name a folder of yours to keep compiled models in."
                .formatted(folder, Files.getOwner(folder)));
      }
    } finally {
      Files.delete(mine);
    }
  }

  private record Blob(Path file, long size, FileTime written) {}

  private void deleteOldest() throws IOException {
    List<Blob> blobs = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.blob")) {
      for (Path file : files) {
        blobs.add(new Blob(file, Files.size(file), Files.getLastModifiedTime(file)));
      }
    }
    blobs.sort(Comparator.comparing(Blob::written));
    long kept = blobs.stream().mapToLong(Blob::size).sum();
    for (Blob blob : blobs) {
      if (kept <= maxBytes) {
        return;
      }
      Files.deleteIfExists(blob.file());
      kept -= blob.size();
    }
  }
}
