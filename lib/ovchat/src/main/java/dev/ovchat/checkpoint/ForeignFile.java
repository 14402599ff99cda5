package dev.ovchat.checkpoint;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Says what a file is that calls itself safetensors and is not. */
final class ForeignFile {
  private static final String PICKLE =
      "is a file of torch.save (a pickle), which is never opened, since it can run code. Load the model in a place without secrets and save it with save_pretrained(directory, safe_serialization=True).";

  private ForeignFile() {}

  /**
   * @param first the file's first 8 bytes, which are no length of a header
   */
  static CheckpointException insteadOfSafetensors(Path file, byte[] first, long longest) {
    return new CheckpointException(
        file + " " + description(new String(first, StandardCharsets.ISO_8859_1), longest));
  }

  private static String description(String start, long longest) {
    if (start.startsWith("PK") || start.startsWith("\u0080")) {
      return PICKLE;
    }
    if (start.equals("version ")) {
      return "is a pointer of Git LFS and not the weights themselves. Run git lfs pull there.";
    }
    if (start.stripLeading().startsWith("<")) {
      return "is a page of HTML and not the weights. Download the file again.";
    }
    if (start.startsWith("GGUF")) {
      return "is a GGUF file. Take the model's safetensors files.";
    }
    return "is no safetensors file: its header would be longer than %d bytes.%s"
        .formatted(longest, StrictJson.AGAIN);
  }
}
