package dev.ovchat.gguf;

import dev.ovchat.files.ReadableFile;
import dev.ovchat.files.StrictJson;
import dev.ovchat.files.UnusableFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a model: one, or the parts {@code NAME-00001-of-00003.gguf} and so on, of which the
 * first has the metadata.
 */
final class GgufParts {
  private static final Pattern NAME = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");
  private static final int MOST = 1000;

  private GgufParts() {}

  /**
   * Opens the files.
   *
   * @param path the file, or any of the parts
   * @throws UnusableFileException if one is missing or not what it has to be
   */
  static List<GgufFile> open(Path path) {
    GgufFile given = GgufFile.open(path);
    long count = given.metadata().integer("split.count").orElse(1L);
    if (count < 2) {
      return List.of(given);
    }
    Matcher name = NAME.matcher(path.getFileName().toString());
    if (count > MOST || !name.matches() || Long.parseLong(name.group(3)) != count) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              "%s is one of %d parts of a model and is not called so; give the parts back their names, such as model-%05d-of-%05d.gguf.",
              path,
              count,
              1,
              Math.min(count, 99_999)));
    }
    List<GgufFile> parts = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      String part =
          String.format(Locale.ROOT, "%s-%05d-of-%05d.gguf", name.group(1), number, count);
      parts.add(part(path.resolveSibling(part), number, given));
    }
    return parts;
  }

  private static GgufFile part(Path path, int number, GgufFile given) {
    if (path.equals(given.path())) {
      return requireNumber(given, number);
    }
    if (!ReadableFile.isThere(path)) {
      throw new UnusableFileException(
          "%s is missing, a part of the same model as %s; download it too."
              .formatted(path, given.path().getFileName()));
    }
    return requireNumber(GgufFile.open(path), number);
  }

  private static GgufFile requireNumber(GgufFile part, int number) {
    long own = part.metadata().integer("split.no").orElse(-1L);
    if (own != number - 1) {
      throw new UnusableFileException(
          String.format(
              Locale.ROOT,
              "%s is part %d of its model by its name, and part %d by its metadata%s",
              part.path(),
              number,
              own + 1,
              StrictJson.AGAIN));
    }
    return part;
  }
}
