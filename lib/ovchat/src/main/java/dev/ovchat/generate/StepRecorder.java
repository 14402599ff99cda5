package dev.ovchat.generate;

import dev.ovchat.cache.CachedSequence;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.sampling.ChoiceWatch;
import dev.ovchat.sampling.Ranking;
import dev.ovchat.sampling.Softmax;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Records how each token of a completion is chosen. */
final class StepRecorder implements ChoiceWatch {
  private final Tokenizer tokenizer;
  private final int candidates;
  private final Softmax before = new Softmax();
  private final Softmax after = new Softmax();
  private final Ranking ranking = new Ranking();
  private final List<GenerationStep> steps = new ArrayList<>();
  private float[] given = {};

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
      LoadedModel model,
      TokenIds prompt,
      TokenIds soFar,
      GenerationConfig config,
      int candidates,
      GenerationHooks hooks) {
    int most = model.config().vocabSize();
    if (candidates < 1 || candidates > most) {
      throw new GenerationException(
          String.format(
              Locale.ROOT,
              "candidates is %d; it has to be 1 to %d, the size of this model's vocabulary.",
              candidates,
              most));
    }
    GenerationRequest.requirePrompt(prompt);
    GenerationRequest request = model.request(prompt.plus(soFar), config);
    request.requireOneAnswer();
    try (CachedSequence cache = model.newCache();
        var lease = model.ownTokenizer().lease()) {
      var recorder = new StepRecorder(lease.tokenizer().orElseThrow(), candidates);
      var stopwatch = new Stopwatch(model.loadMillis());
      var answer = new GrowingAnswer(request, 0, lease.tokenizer(), hooks, stopwatch);
      answer.showChoicesTo(recorder);
      Cancellation cancellation = hooks.cancellation();
      Rereading.of(prompt, soFar, cache, cancellation::isAskedFor, place -> {});
      var loop = new GenerationLoop(cache, answer, request.drafter(hooks), cancellation);
      return new Explanation(loop.run(), recorder.steps());
    }
  }

  @Override
  public void given(float[] logits) {
    given = logits.clone();
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
            likeliestAnd(id)
                .mapToObj(
                    other ->
                        new Candidate(
                            other,
                            tokenizer.visibleToken(other),
                            given[other],
                            probabilities[other],
                            processed[other],
                            processedProbabilities[other]))
                .toList()));
  }

  private IntStream likeliestAnd(int chosen) {
    ranking.clear(given.length);
    for (int id = 0; id < given.length; id++) {
      ranking.add(id, -given[id]);
    }
    ranking.sort();
    // The one that is added is no likelier than those before it.
    return IntStream.concat(IntStream.range(0, candidates).map(ranking::id), IntStream.of(chosen))
        .distinct();
  }

  List<GenerationStep> steps() {
    return steps;
  }
}
