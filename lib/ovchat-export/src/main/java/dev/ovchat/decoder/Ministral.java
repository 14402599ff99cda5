package dev.ovchat.decoder;

import dev.ovchat.files.JsonFile;
import java.util.List;
import java.util.Optional;

/** Ministral 8B: Mistral with a window for some layers alone. */
final class Ministral extends Mistral {
  Ministral() {
    super("ministral");
  }

  @Override
  List<Optional<Integer>> slidingWindows(JsonFile json, int layers) {
    Optional<Integer> window = SlidingWindows.field(json, 4096);
    return SlidingWindows.byType(json, layers, window, layer -> window.isPresent());
  }
}
