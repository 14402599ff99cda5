package dev.ovchat.text;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/**
 * Loads a tokenizer in a process of its own and prints the id of {@code abc}, and the heap that the
 * tokenizer keeps, in bytes. The arguments are its directory and that of a small one.
 */
final class LargeVocabularyLoad {
  private LargeVocabularyLoad() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) {
    Tokenizer.load(Path.of(arguments[1])).close(); // loads the classes
    long before = usedHeap();
    try (Tokenizer tokenizer = Tokenizer.load(Path.of(arguments[0]))) {
      System.out.println(tokenizer.encode("abc").get(0));
      System.out.println(usedHeap() - before);
    }
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
