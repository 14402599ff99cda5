package dev.ovchat.decoder;

import dev.ovchat.files.JsonFile;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Granite with experts. */
final class GraniteMoe extends Granite {
  GraniteMoe() {
    super("granitemoe");
  }

  @Override
  Set<String> ownFields() {
    Set<String> fields = new HashSet<>(super.ownFields());
    fields.add("num_local_experts");
    return fields;
  }

  @Override
  List<Optional<Experts>> experts(JsonFile json, int layers) {
    Experts experts = Experts.read(json, 8, 2, json.size("intermediate_size"), true);
    return Collections.nCopies(layers, Optional.of(experts));
  }
}
