package dev.ovchat.text;

import dev.ovchat.files.UnusableFileException;
import dev.ovchat.modeldir.ModelDirectory;
import java.nio.file.Path;

/** Loads a tokenizer in a process of its own; the argument is its directory. */
final class TokenizerLoad {
  private TokenizerLoad() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) {
    try (Tokenizer tokenizer =
        Tokenizer.of(new ModelDirectory(Path.of(arguments[0])).tokenizer(), 1)) {
      System.out.println("loaded: " + tokenizer.encode("piece59999").get(0));
    } catch (UnusableFileException | TokenizerException e) {
      System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }
}
