package dev.ovchat.checkpoint;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.FileNames;
import dev.ovchat.files.ReadableFile;
import dev.ovchat.files.StrictJson;
import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Messages that name what there is in place of safetensors files. None of those files is loaded.
 */
final class ForeignFile {
  static final String PICKLE =
      "a pickle of torch.save, which is never opened, since it can run code; take a revision of the model that has safetensors, or load it where it can do no harm and save it with save_pretrained.";
  private static final String GGUF = "a GGUF file; to export it, give its own path.";

  private static final Pattern PICKLE_NAME =
      Pattern.compile("pytorch_model.*\\.bin|.*\\.(pt|pth|ckpt|pkl)");

  private ForeignFile() {}

  /**
   * @param first the file's first 8 bytes, which are not the length of a header
   */
  static UnusableFileException insteadOfSafetensors(Path file, byte[] first) {
    return new UnusableFileException(
        file + " is " + kind(new String(first, StandardCharsets.ISO_8859_1)));
  }

  private static String kind(String start) {
    if (start.startsWith("PK") || start.startsWith("\u0080")) {
      return PICKLE;
    }
    if (start.equals("version ")) {
      return "a pointer of Git LFS and not the weights; run git lfs pull there.";
    }
    if (start.stripLeading().startsWith("<")) {
      return "a page of HTML and not the weights" + StrictJson.AGAIN;
    }
    return start.startsWith("GGUF")
        ? GGUF
        : "no safetensors file: its header would be longer than 100 MB" + StrictJson.AGAIN;
  }

  /**
   * Returns the exception for a directory without {@code model.safetensors} and without an index of
   * shards.
   */
  static UnusableFileException insteadOfCheckpoint(Path directory) {
    List<String> names;
    try (Stream<Path> files = Files.list(directory)) {
      names = files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (NoSuchFileException e) {
      return new UnusableFileException(
          "There is no directory %s; name the one that holds the checkpoint.".formatted(directory));
    } catch (IOException e) {
      throw ReadableFile.unreadable(directory, e);
    }
    return new UnusableFileException(
        "%s holds no model.safetensors and no %s%s"
            .formatted(directory, FileNames.SAFETENSORS_INDEX, found(names)));
  }

  private static String found(List<String> names) {
    for (String name : names) {
      if (PICKLE_NAME.matcher(name).matches()) {
        return ", but %s, %s".formatted(Excerpt.of(name), PICKLE);
      }
      if (name.endsWith(".gguf")) {
        return ", but %s, %s".formatted(Excerpt.of(name), GGUF);
      }
      if (name.equals(FileNames.IR)) {
        return ", but openvino_model.xml: it has been exported already.";
      }
      if (name.endsWith(".safetensors")) {
        return ", but %s; download the index too, or call a single file model.safetensors."
            .formatted(Excerpt.of(name));
      }
    }
    return "; name the directory that holds the checkpoint.";
  }
}
