package dev.ovchat.live;

import dev.ovchat.chart.Chart;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.display.Display;
import dev.ovchat.generate.Candidate;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.generate.GenerationHooks;
import dev.ovchat.generate.GenerationStep;
import dev.ovchat.sampling.LogitsProcessors;
import dev.ovchat.sampling.MultinomialSampler;
import dev.ovchat.sampling.Softmax;
import dev.ovchat.sampling.TokenSequence;
import dev.ovchat.table.Tables;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import dev.ovchat.widget.Button;
import dev.ovchat.widget.FloatSlider;
import dev.ovchat.widget.HBox;
import dev.ovchat.widget.IntSlider;
import dev.ovchat.widget.Label;
import dev.ovchat.widget.Output;
import dev.ovchat.widget.VBox;
import dev.ovchat.widget.Widget;
import java.util.ArrayList;
import java.util.List;

/**
 * The sampling values as sliders, and what they make of the next token's probabilities. A button
 * samples a token from them.
 *
 * <p>The model reads the prompt once, when this is made. A move processes its logits anew.
 */
public final class SamplingSliders implements AutoCloseable {
  private static final int CANDIDATES = 10;

  private final FloatSlider temperature = FloatSlider.of(0.1, 2, 0.1, 1).description("Temperature");
  private final IntSlider topK =
      IntSlider.of(0, 50, 1, 0).description("Top-k").tooltip("0 keeps all tokens.");
  private final FloatSlider topP = FloatSlider.of(0.05, 1, 0.05, 1).description("Top-p");
  private final FloatSlider minP = FloatSlider.of(0, 1, 0.05, 0).description("Min-p");
  private final Button sample = new Button("Sample a token").primary(true);
  private final Label sampled = new Label("");
  private final Output chart = new Output();
  private final Widget widget =
      VBox.of(HBox.of(temperature, topK), HBox.of(topP, minP), chart, HBox.of(sample, sampled));
  private final Tokenizer tokenizer;
  private final TokenSequence tokens;
  private final Softmax softmax = new Softmax();
  private final List<Candidate> candidates;
  private float[] logits; // [vocabulary], before the sliders change them

  private SamplingSliders(CausalLM model, TokenIds prompt) {
    this.tokenizer = model.tokenizer();
    this.tokens = new TokenSequence(prompt, 1);
    this.candidates = read(model, prompt).candidates().stream().limit(CANDIDATES).toList();
    temperature.onChange(value -> draw());
    topK.onChange(value -> draw());
    topP.onChange(value -> draw());
    minP.onChange(value -> draw());
    sample.onClick(this::sample);
    draw();
  }

  /** Has the model read the prompt, and keeps its logits. */
  private GenerationStep read(CausalLM model, TokenIds prompt) {
    GenerationHooks keeping =
        GenerationHooks.none().logitsProcessor((sequence, given) -> logits = given.clone());
    int most = Math.min(CANDIDATES, model.config().vocabSize());
    return model
        .explain(prompt, TokenIds.of(), config().doSample(false), most, keeping)
        .steps()
        .stream()
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "It was stopped before the prompt was read. Run the cell again."));
  }

  /**
   * Makes sliders for the token that comes after a prompt.
   *
   * @param model the model, which stays the caller's to close
   */
  public static SamplingSliders of(CausalLM model, TokenIds prompt) {
    return new SamplingSliders(model, prompt);
  }

  /** The sliders with their chart, to be shown. */
  public Widget widget() {
    return widget;
  }

  private GenerationConfig config() {
    return GenerationConfig.defaults()
        .maxNewTokens(1)
        .repetitionPenalty(1)
        .doSample(true)
        .temperature(temperature.value())
        .topK(topK.value())
        .topP(topP.value())
        .minP(minP.value());
  }

  /** The logits as the sliders change them. */
  private float[] processed() {
    float[] processed = logits.clone();
    LogitsProcessors.warpers(config()).forEach(warper -> warper.process(tokens, processed));
    return processed;
  }

  /** One bar. */
  record Bar(String token, double probability, String values) {}

  private synchronized void draw() {
    float[] probabilities = softmax.of(processed());
    List<Bar> bars = new ArrayList<>();
    for (Candidate candidate : candidates) {
      bars.add(new Bar(candidate.text(), candidate.probability(), "the model's own"));
      bars.add(new Bar(candidate.text(), probabilities[candidate.id()], "by these values"));
    }
    Display.show(
        chart,
        Chart.bar(Tables.of("Next token", bars), "token", "probability")
            .series("values")
            .title("The next token"));
  }

  private void sample() {
    int id = new MultinomialSampler(MultinomialSampler.seedFor(config())).choose(processed());
    sampled.value(tokenizer.visibleToken(id));
  }

  /** Takes the widget out of the page. */
  @Override
  public void close() {
    widget.close();
  }
}
