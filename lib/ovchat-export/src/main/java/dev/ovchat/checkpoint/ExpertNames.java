package dev.ovchat.checkpoint;

import dev.ovchat.checkpoint.JoinedTensor.Part;
import dev.ovchat.files.Excerpt;
import dev.ovchat.files.UnusableFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names and layouts of experts' weights in published checkpoints, and what becomes of them.
 *
 * <pre>
 *   …mlp.experts.0.gate_proj.weight, ….1.gate_proj.weight, …  ─► …mlp.experts.gate_proj.weight
 *   …mlp.experts.gate_up_proj                ─► …mlp.experts.gate_proj.weight, …up_proj.weight
 *   …mlp.experts.down_proj                   ─► …mlp.experts.down_proj.weight
 *   …block_sparse_moe.input_linear.weight    ─► …mlp.experts.gate_proj.weight, …up_proj.weight
 *   …block_sparse_moe.output_linear.weight   ─► …mlp.experts.down_proj.weight
 *   …block_sparse_moe.router.layer.weight    ─► …mlp.gate.weight
 *
 *   …mlp.experts.NAME_blocks, …NAME_scales   ─► …mlp.experts.NAME.weight
 *   …mlp.experts.NAME, beside …NAME_bias     ─► …mlp.experts.NAME.weight, transposed
 *   …mlp.experts.NAME_bias                   ─► …mlp.experts.NAME.bias
 *   …mlp.router.weight, .bias                ─► …mlp.gate.weight, .bias
 *
 *   GGUF's …mlp.experts.gate_proj.weight, .bias and …up_proj.weight, .bias
 *                                            ─► …mlp.experts.gate_up_proj.weight, .bias
 * </pre>
 *
 * <p>The first is how Qwen3 is published, the next two how transformers 5 holds it in memory; then
 * comes Granite, and after it gpt-oss, whose matrices gate_up_proj and down_proj have biases; rows
 * of gate and up alternate in it.
 */
final class ExpertNames {
  private static final Pattern ONE =
      Pattern.compile("(.*\\.experts)\\.(\\d{1,6})\\.(gate_proj|up_proj|down_proj)\\.weight");
  private static final Pattern PACKED =
      Pattern.compile("(.*\\.experts\\.)(gate_up_proj|down_proj)(_blocks|_scales|_bias)?");
  private static final Pattern GRANITE =
      Pattern.compile(
          "(.*)\\.block_sparse_moe\\.(input_linear|output_linear|router\\.layer)\\.weight");
  private static final Pattern APART =
      Pattern.compile("(.*\\.experts\\.)(gate_proj|down_proj)\\.bias");
  private static final Pattern ROUTER = Pattern.compile("(.*\\.mlp)\\.router\\.(weight|bias)");

  private final CheckpointTensors files;
  private final List<MadeTensor> made = new ArrayList<>();
  private final Set<String> used = new LinkedHashSet<>();

  ExpertNames(CheckpointTensors files) {
    this.files = files;
    Map<String, TreeMap<Integer, CheckpointTensor>> experts = new LinkedHashMap<>();
    for (String name : files.names()) {
      Matcher one = ONE.matcher(name);
      if (one.matches()) {
        String all = "%s.%s.weight".formatted(one.group(1), one.group(3));
        experts
            .computeIfAbsent(all, each -> new TreeMap<>())
            .put(Integer.parseInt(one.group(2)), take(name));
      }
      addPacked(PACKED.matcher(name));
      addGranite(GRANITE.matcher(name));
      addApart(APART.matcher(name));
    }
    experts.forEach(this::join);
    if (!made.isEmpty()) {
      files.names().forEach(name -> addRouter(ROUTER.matcher(name)));
    }
  }

  /** The tensors that are made of others. */
  List<MadeTensor> made() {
    return Collections.unmodifiableList(made);
  }

  /** The names in the files of those of which they are made. */
  Set<String> used() {
    return Collections.unmodifiableSet(used);
  }

  private CheckpointTensor take(String name) {
    used.add(name);
    return files.get(name);
  }

  private void addPacked(Matcher name) {
    if (!name.matches()) {
      return;
    }
    String weight = name.group(1) + name.group(2) + ".weight";
    String part = name.group(3) == null ? "" : name.group(3);
    CheckpointTensor tensor = take(name.group());
    boolean isGptOss = files.has(name.group() + "_bias");
    switch (part) {
      case "_blocks" -> {
        CheckpointTensor exponents = take(name.group().replace("_blocks", "_scales"));
        requireBlocks(tensor, exponents);
        made.add(MicroscaledTensor.of(weight, tensor, exponents));
      }
      case "_scales" -> {} // comes with the blocks
      case "_bias" -> addBias(tensor, name.group(1) + name.group(2) + ".bias");
      default -> {
        if (isGptOss) {
          requireThree(tensor);
          made.add(TransposedTensor.of(weight, tensor));
        } else if (name.group(2).equals("gate_up_proj")) {
          halve(tensor, name.group(1));
        } else {
          made.add(JoinedTensor.renamed(tensor, weight, tensor.shape()));
        }
      }
    }
  }

  private void addBias(CheckpointTensor tensor, String name) {
    List<Long> shape = tensor.shape();
    if (shape.size() != 2) {
      throw wrongShape(tensor, "[experts, rows]");
    }
    made.add(JoinedTensor.renamed(tensor, name, List.of(shape.get(0), 1L, shape.get(1))));
  }

  private void addGranite(Matcher name) {
    if (!name.matches()) {
      return;
    }
    CheckpointTensor tensor = take(name.group());
    String mlp = name.group(1) + ".mlp.";
    switch (name.group(2)) {
      case "input_linear" -> halve(tensor, mlp + "experts.");
      case "output_linear" ->
          made.add(JoinedTensor.renamed(tensor, mlp + "experts.down_proj.weight", tensor.shape()));
      default -> made.add(JoinedTensor.renamed(tensor, mlp + "gate.weight", tensor.shape()));
    }
  }

  /**
   * The experts of gpt-oss in a GGUF file, which alone have biases beside matrices of these names.
   */
  private void addApart(Matcher name) {
    if (!name.matches()) {
      return;
    }
    CheckpointTensor bias = take(name.group());
    if (name.group(2).equals("down_proj")) {
      addBias(bias, name.group());
      return;
    }
    String experts = name.group(1);
    CheckpointTensor upBias = take(experts + "up_proj.bias");
    CheckpointTensor gate = take(experts + "gate_proj.weight");
    CheckpointTensor up = take(experts + "up_proj.weight");
    requireThree(gate);
    requireAlike(gate, up);
    requireAlike(bias, upBias);
    List<Long> shape = List.of(gate.shape().get(0), 2 * gate.shape().get(1), gate.shape().get(2));
    long row = gate.bytes(gate.shape().get(2));
    made.add(AlternatingTensor.of(experts + "gate_up_proj.weight", shape, gate, up, row));
    if (!bias.shape().equals(gate.shape().subList(0, 2))) {
      throw wrongShape(bias, gate.shape().subList(0, 2).toString());
    }
    List<Long> ofBias = List.of(shape.get(0), 1L, shape.get(1));
    made.add(
        AlternatingTensor.of(experts + "gate_up_proj.bias", ofBias, bias, upBias, bias.bytes(1)));
  }

  private static void requireAlike(CheckpointTensor one, CheckpointTensor other) {
    boolean isAlike =
        other.type() == one.type()
            && other.blocks().equals(one.blocks())
            && other.shape().equals(one.shape());
    if (!isAlike) {
      throw new UnusableFileException(
          "%s: the tensors %s and %s are of different types or shapes, %s and %s; take a file in which they are alike."
              .formatted(
                  one.file(),
                  Excerpt.of(one.name()),
                  Excerpt.of(other.name()),
                  one.shape(),
                  other.shape()));
    }
  }

  private void addRouter(Matcher name) {
    if (name.matches()) {
      CheckpointTensor tensor = take(name.group());
      String renamed = "%s.gate.%s".formatted(name.group(1), name.group(2));
      made.add(JoinedTensor.renamed(tensor, renamed, tensor.shape()));
    }
  }

  /** Makes one tensor of those of all experts. */
  private void join(String name, NavigableMap<Integer, CheckpointTensor> experts) {
    CheckpointTensor first = experts.firstEntry().getValue();
    for (CheckpointTensor other : experts.values()) {
      boolean isAlike = other.type() == first.type() && other.shape().equals(first.shape());
      if (!isAlike) {
        throw new UnusableFileException(
            "%s: the tensor %s is %s of %s, and that of another expert, %s, %s of %s; copy all files from the same model."
                .formatted(
                    other.file(),
                    Excerpt.of(other.name()),
                    other.shape(),
                    other.type(),
                    Excerpt.of(first.name()),
                    first.shape(),
                    first.type()));
      }
    }
    if (experts.lastKey() != experts.size() - 1) {
      throw new UnusableFileException(
          "The checkpoint %s has the expert %s of %s, and not all before it; copy all of the weights from where the model comes from."
              .formatted(files.path(), experts.lastKey(), Excerpt.of(name)));
    }
    List<Long> shape = new ArrayList<>(first.shape());
    shape.add(0, (long) experts.size());
    made.add(JoinedTensor.of(name, shape, experts.values().stream().map(Part::whole).toList()));
  }

  /** Makes two tensors of one whose rows are those of the gate, then as many of up. */
  private void halve(CheckpointTensor both, String experts) {
    requireThree(both);
    List<Long> shape = List.of(both.shape().get(0), both.shape().get(1) / 2, both.shape().get(2));
    if (both.shape().get(1) % 2 != 0) {
      throw wrongShape(both, "[experts, twice the rows, columns]");
    }
    long half = both.bytes(shape.get(1) * shape.get(2));
    List<Part> gate = new ArrayList<>();
    List<Part> up = new ArrayList<>();
    for (long expert = 0; expert < shape.get(0); expert++) {
      gate.add(new Part(both, 2 * expert * half, half));
      up.add(new Part(both, (2 * expert + 1) * half, half));
    }
    made.add(JoinedTensor.of(experts + "gate_proj.weight", shape, gate));
    made.add(JoinedTensor.of(experts + "up_proj.weight", shape, up));
  }

  private static void requireThree(CheckpointTensor tensor) {
    if (tensor.shape().size() != 3) {
      throw wrongShape(tensor, "three dimensions, of which the first is that of the experts");
    }
  }

  private static void requireBlocks(CheckpointTensor codes, CheckpointTensor exponents) {
    requireThree(exponents);
    List<Long> expected = new ArrayList<>(exponents.shape());
    expected.add(16L);
    if (!codes.shape().equals(expected)) {
      throw wrongShape(codes, expected + ", as " + exponents.name() + " has one for each 16 bytes");
    }
  }

  private static UnusableFileException wrongShape(CheckpointTensor tensor, String wanted) {
    return new UnusableFileException(
        "%s: the tensor %s has the shape %s; it would have %s. Copy all files from the same model."
            .formatted(tensor.file(), Excerpt.of(tensor.name()), tensor.shape(), wanted));
  }
}
