package dev.ovchat.checkpoint;

import static java.util.stream.Collectors.joining;

import dev.ovchat.files.Excerpt;
import dev.ovchat.files.MappedFile;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.graph.ElementType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tensors of an adapter, by the module that they belong to and their part of it.
 *
 * <pre>
 *   base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight
 *                    └────────────── module ───────┘ └── part ──┘
 * </pre>
 */
final class AdapterTensors {
  /** The parts of a module. An adapter of an embedding comes with the embedding itself. */
  enum Part {
    A(".lora_A.weight"),
    B(".lora_B.weight"),
    EMBEDDING_A(".lora_embedding_A"),
    EMBEDDING_B(".lora_embedding_B"),
    BASE(".base_layer.weight");

    private final String end;

    Part(String end) {
      this.end = end;
    }
  }

  private static final String PREFIX = "base_model.model.";

  private final MappedFile file;
  private final Map<String, Map<Part, CheckpointTensor>> modules = new LinkedHashMap<>();

  private AdapterTensors(MappedFile file) {
    this.file = file;
  }

  /**
   * Reads the header of a safetensors file.
   *
   * @throws UnusableFileException if it is damaged, or holds tensors that do not belong to LoRA
   */
  static AdapterTensors open(Path path) {
    SafetensorsFile file = SafetensorsFile.open(path);
    AdapterTensors tensors = new AdapterTensors(file.mapped());
    for (SafetensorsHeader.Entry entry : file.header().entries()) {
      tensors.add(entry, file);
    }
    if (tensors.modules.isEmpty()) {
      throw new UnusableFileException(
          "%s holds no tensor; take the file that belongs to the adapter.".formatted(path));
    }
    return tensors;
  }

  private void add(SafetensorsHeader.Entry entry, SafetensorsFile of) {
    String name = entry.name();
    for (Part part : Part.values()) {
      if (name.startsWith(PREFIX)
          && name.length() > PREFIX.length() + part.end.length()
          && name.endsWith(part.end)) {
        String module = name.substring(PREFIX.length(), name.length() - part.end.length());
        modules
            .computeIfAbsent(module, each -> new LinkedHashMap<>())
            .put(part, located(entry, of));
        return;
      }
    }
    throw new UnusableFileException(
        "%s holds the tensor %s, which is not plain LoRA; merge it by PEFT's merge_and_unload, and export what that gives."
            .formatted(of.path(), Excerpt.of(name)));
  }

  private static CheckpointTensor located(SafetensorsHeader.Entry entry, SafetensorsFile file) {
    ElementType type =
        WeightReader.typeOf(entry.type())
            .orElseThrow(
                () ->
                    new UnusableFileException(
                        "The tensor %s in %s has the type %s; take an adapter with weights in F32, F16 or BF16."
                            .formatted(
                                Excerpt.of(entry.name()), file.path(), Excerpt.of(entry.type()))));
    return SafetensorsCheckpoint.located(entry, type, file);
  }

  MappedFile file() {
    return file;
  }

  /** The parts of each module. */
  Map<String, Map<Part, CheckpointTensor>> modules() {
    return modules;
  }

  Optional<CheckpointTensor> find(String module, Part part) {
    return Optional.ofNullable(modules.getOrDefault(module, Map.of()).get(part));
  }

  /** A part that is known to be there. */
  CheckpointTensor get(String module, Part part) {
    return modules.get(module).get(part);
  }

  /** The parts that there are of a module, for messages. */
  String parts(String module) {
    return modules.get(module).keySet().stream()
        .map(part -> part.end.substring(1))
        .collect(joining(", "));
  }
}
