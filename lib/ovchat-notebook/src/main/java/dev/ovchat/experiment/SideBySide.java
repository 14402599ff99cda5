package dev.ovchat.experiment;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.generate.FinishReason;
import dev.ovchat.generate.Generation;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.TokenIds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Completions of one prompt by several variants, in one table. A variant is a model, loaded with
 * any config, and a generation config.
 *
 * <pre>{@code
 * SideBySide.of(input)
 *     .with("greedy", model, config)
 *     .with("warm", model, config.doSample(true).temperature(0.9).seed(7))
 *     .table()
 * }</pre>
 *
 * <p>They run in this process, one after the other. {@link Experiment} measures with more care.
 */
public final class SideBySide {
  /**
   * Number of tokens that each model generates once before its first completion, whose time would
   * otherwise include the warm-up.
   */
  private static final int WARM_UP = 8;

  private final TokenIds prompt;
  private final List<Variant> variants;

  /** A source of a model for one use. */
  private interface Source {
    Answer use(Function<CausalLM, Answer> generation);
  }

  private record Variant(String name, Source model, GenerationConfig config, TokenIds prompt) {}

  /** A generation, and the text of its first completion. */
  private record Answer(Generation generation, String text) {}

  private SideBySide(TokenIds prompt, List<Variant> variants) {
    this.prompt = prompt;
    this.variants = List.copyOf(variants);
  }

  /** Creates a comparison without variants. */
  public static SideBySide of(TokenIds prompt) {
    return new SideBySide(prompt, List.of());
  }

  /** A copy with one variant more. */
  public SideBySide with(String name, CausalLM model, GenerationConfig config) {
    return with(name, model, config, prompt);
  }

  /** A copy with one variant more, which gets the prompt in another form. */
  public SideBySide with(String name, CausalLM model, GenerationConfig config, TokenIds ownPrompt) {
    return with(new Variant(name, use -> use.apply(model), config, ownPrompt));
  }

  /**
   * A copy with one variant more, given by its model directory. The model is loaded for its row and
   * closed again, so that many models do not need the memory of all.
   *
   * @param ovConfig OpenVINO's keys and values
   */
  public SideBySide with(
      String name,
      Path modelDirectory,
      Device device,
      Map<String, String> ovConfig,
      GenerationConfig config) {
    Map<String, String> copy = Map.copyOf(ovConfig);
    Source source =
        use -> {
          try (CausalLM loaded = CausalLM.load(modelDirectory, device, copy)) {
            return use.apply(loaded);
          }
        };
    return with(new Variant(name, source, config, prompt));
  }

  private SideBySide with(Variant added) {
    String name = added.name();
    if (variants.stream().anyMatch(variant -> variant.name().equals(name))) {
      throw new ExperimentException(
          "There is a variant %s already. Give each a name of its own.".formatted(name));
    }
    List<Variant> more = new ArrayList<>(variants);
    more.add(added);
    return new SideBySide(prompt, more);
  }

  /**
   * Runs the variants, and returns a row for each: its name, the text of its first completion, the
   * number of new tokens, tokens per second, the finish reason, and whether the text is the first
   * variant's. A variant that fails has the error in place of the finish reason, and no figures.
   * After an interrupt, the remaining variants are not run.
   */
  public Table table() {
    StringColumn names = StringColumn.create("variant");
    StringColumn answers = StringColumn.create("answer");
    IntColumn tokens = IntColumn.create("new tokens");
    DoubleColumn speeds = DoubleColumn.create("tokens/s");
    StringColumn reasons = StringColumn.create("finish reason");
    BooleanColumn same = BooleanColumn.create("same as first");
    Optional<String> first = Optional.empty();
    Set<CausalLM> warm = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Variant variant : variants) {
      names.append(variant.name());
      try {
        Answer answer = variant.model().use(model -> run(variant, model, warm));
        Generation generation = answer.generation();
        String text = answer.text();
        if (names.size() == 1) {
          first = Optional.of(text);
        }
        answers.append(text);
        tokens.append(generation.ids().size());
        speeds.append(Math.round(10 * generation.metrics().tokensPerSecond()) / 10.0);
        reasons.append(generation.finishReason().name());
        same.append(first.map(text::equals).orElse(null));
        if (generation.finishReason() == FinishReason.CANCELLED) {
          break;
        }
      } catch (RuntimeException e) {
        answers.append("");
        tokens.appendMissing();
        speeds.appendMissing();
        reasons.append("failed: " + e.getMessage());
        same.append((Boolean) null);
        if (Thread.interrupted()) { // while it was loaded
          break;
        }
      }
    }
    return Table.create("Side by side", names, answers, tokens, speeds, reasons, same);
  }

  private static Answer run(Variant variant, CausalLM model, Set<CausalLM> warm) {
    if (warm.add(model)) {
      Generation start = model.generate(variant.prompt(), variant.config().maxNewTokens(WARM_UP));
      if (start.finishReason() == FinishReason.CANCELLED) {
        return answer(start, model);
      }
    }
    return answer(model.generate(variant.prompt(), variant.config()), model);
  }

  private static Answer answer(Generation generation, CausalLM model) {
    return new Answer(
        generation, model.tokenizer().decode(generation.ids(), DecodeOptions.READABLE));
  }
}
