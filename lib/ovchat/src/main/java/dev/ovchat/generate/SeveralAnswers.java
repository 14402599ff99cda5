package dev.ovchat.generate;

import dev.ovchat.cache.CausalSession;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Generates more than one completion, of one prompt or several: in a batch, or by a beam search for
 * each prompt.
 */
final class SeveralAnswers {
  private final LoadedModel model;
  private final Optional<Tokenizer> tokenizer;
  private final GenerationHooks hooks;
  private final Cancellation cancellation;

  private SeveralAnswers(LoadedModel model, Optional<Tokenizer> tokenizer, GenerationHooks hooks) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.hooks = hooks;
    this.cancellation = hooks.cancellation();
  }

  /** Implements {@link CausalLM#generate(List, GenerationConfig, GenerationHooks)}. */
  static List<Generation> generate(
      LoadedModel model, List<TokenIds> prompts, GenerationConfig config, GenerationHooks hooks) {
    if (prompts.isEmpty()) {
      return List.of();
    }
    List<GenerationRequest> requests = new ArrayList<>();
    for (int place = 0; place < prompts.size(); place++) {
      requests.add(request(model, prompts, place, config));
    }
    RequiredMemory.check(model, requests);
    GenerationConfig filled = requests.get(0).config();
    try (var lease = model.ownTokenizer().leaseFor(filled)) {
      var all = new SeveralAnswers(model, lease.tokenizer(), hooks);
      return filled.numBeams() > 1 ? all.searchEach(requests) : all.answerTogether(requests);
    }
  }

  private static GenerationRequest request(
      LoadedModel model, List<TokenIds> prompts, int place, GenerationConfig config) {
    try {
      return model.request(prompts.get(place), config);
    } catch (GenerationException e) {
      if (prompts.size() == 1) {
        throw e;
      }
      throw new GenerationException(
          String.format(Locale.ROOT, "Of the prompts, that at %d: %s", place, e.getMessage()));
    }
  }

  /** The hooks for one of the prompts: the listener is notified of the first one's tokens only. */
  private GenerationHooks of(int prompt) {
    return prompt == 0 ? hooks : hooks.listener(GenerationListener.NONE);
  }

  private List<Generation> searchEach(List<GenerationRequest> requests) {
    List<Generation> found = new ArrayList<>();
    for (GenerationRequest request : requests) {
      try (var session = new CausalSession(model.compiled(), 1)) {
        var stopwatch = new Stopwatch(model.loadMillis());
        found.add(
            new BeamSearch(request, session, tokenizer, of(found.size()), cancellation, stopwatch)
                .run());
      }
    }
    return found;
  }

  private List<Generation> answerTogether(List<GenerationRequest> requests) {
    try (var session = new CausalSession(model.compiled(), requests.size())) {
      List<List<GrowingAnswer>> answers = new ArrayList<>();
      for (GenerationRequest request : requests) {
        answers.add(request.answers(tokenizer, of(answers.size()), model.loadMillis()));
      }
      new BatchLoop(session, answers, cancellation)
          .run(requests.stream().map(request -> request.prompt().toArray()).toArray(int[][]::new));
      return answers.stream().map(GrowingAnswer::generation).toList();
    }
  }
}
