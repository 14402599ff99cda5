package dev.ovchat.generate;

import dev.ovchat.cache.CachedSequence;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.sampling.ChoiceListener;
import dev.ovchat.sampling.LogitsProcessor;
import dev.ovchat.sampling.Softmax;
import dev.ovchat.sampling.TokenSorter;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Records how each token of a completion is chosen. */
final class StepRecorder implements ChoiceListener {
  private final Tokenizer tokenizer;
  private final int candidates;
  private final Softmax before = new Softmax();
  private final Softmax after = new Softmax();
  private final TokenSorter sorter = new TokenSorter();
  private final List<GenerationStep> steps = new ArrayList<>();
  private float[] given = {};
  private final BitSet forbidden = new BitSet();
  private double forbiddenProbability;

  /**
   * @param candidates the number of most probable tokens to record at each step
   */
  StepRecorder(Tokenizer tokenizer, int candidates) {
    this.tokenizer = tokenizer;
    this.candidates = candidates;
  }

  /**
   * Implements {@link CausalLM#explain}.
   *
   * @param soFar the completion's beginning; may be empty
   * @throws GenerationException if the vocabulary does not have as many candidates, the model
   *     cannot generate as asked, or several completions are asked for
   */
  static Explanation explain(
      CausalLM model,
      TokenIds prompt,
      TokenIds soFar,
      GenerationConfig config,
      int candidates,
      GenerationHooks hooks) {
    requireCandidates(model, candidates);
    GenerationRequest.requirePrompt(prompt);
    // One for the reading and the generation.
    Cancellation cancellation = hooks.cancellation().orElseGet(Cancellation::new);
    GenerationRequest request =
        model.request(prompt.plus(soFar), config, hooks.cancellation(cancellation));
    request.requireOneCompletion();
    try (CachedSequence cache = model.newCache()) {
      var recorder = new StepRecorder(model.tokenizer(), candidates);
      var state = new DecodingState(model, request, 0);
      state.choiceListener(recorder);
      cache.readAgain(prompt, soFar, cancellation::isRequested, index -> {});
      return new Explanation(new GenerationLoop(cache, state).run(), recorder.steps());
    }
  }

  static void requireCandidates(CausalLM model, int candidates) {
    int most = model.config().vocabSize();
    if (candidates < 1 || candidates > most) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              "candidates is %d; it has to be 1 to %d, the size of this model's vocabulary.",
              candidates,
              most));
    }
  }

  @Override
  public void given(float[] logits) {
    given = logits.clone();
  }

  @Override
  public void ruled(float[] ruled) {
    forbidden.clear();
    forbiddenProbability = 0;
    float[] probabilities = before.of(given);
    for (int id = 0; id < ruled.length; id++) {
      if (ruled[id] == LogitsProcessor.RULED_OUT && given[id] != LogitsProcessor.RULED_OUT) {
        forbidden.set(id);
        forbiddenProbability += probabilities[id];
      }
    }
    forbiddenProbability = Math.min(1, forbiddenProbability); // of rounded numbers
  }

  @Override
  public void chosen(int id, float[] processed) {
    float[] probabilities = before.of(given);
    float[] processedProbabilities = after.of(processed);
    steps.add(
        new GenerationStep(
            steps.size(),
            id,
            tokenizer.visibleToken(id),
            probabilities[id],
            processedProbabilities[id],
            before.entropy(given),
            after.entropy(processed),
            forbiddenProbability,
            mostProbableAnd(id)
                .mapToObj(
                    other ->
                        new Candidate(
                            other,
                            tokenizer.visibleToken(other),
                            given[other],
                            probabilities[other],
                            processed[other],
                            processedProbabilities[other],
                            forbidden.get(other)))
                .toList()));
  }

  private IntStream mostProbableAnd(int chosen) {
    sorter.clear(given.length);
    for (int id = 0; id < given.length; id++) {
      sorter.add(id, -given[id]);
    }
    sorter.sort();
    // The one that is added is at most as probable as those before it.
    return IntStream.concat(IntStream.range(0, candidates).map(sorter::id), IntStream.of(chosen))
        .distinct();
  }

  List<GenerationStep> steps() {
    return steps;
  }
}
