package dev.ovchat.generate;

import dev.ovchat.cache.CausalSession;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Generates more than one completion, of one prompt or several: in a batch, or by a beam search for
 * each prompt.
 */
final class SeveralCompletions {
  private final CausalLM model;
  private final List<GenerationRequest> requests;
  private final GenerationHooks hooks;

  private SeveralCompletions(
      CausalLM model, List<GenerationRequest> requests, GenerationHooks hooks) {
    this.model = model;
    this.requests = requests;
    this.hooks = hooks.cancellation(hooks.cancellation()); // one for all
  }

  /** Implements {@link CausalLM#batchGenerate(List, GenerationConfig, GenerationHooks)}. */
  static List<Generation> generate(
      CausalLM model, List<TokenIds> prompts, GenerationConfig config, GenerationHooks hooks) {
    List<GenerationRequest> requests = new ArrayList<>();
    for (int index = 0; index < prompts.size(); index++) {
      requests.add(request(model, prompts, index, config));
    }
    return requests.isEmpty() ? List.of() : generate(model, requests, hooks);
  }

  /**
   * Generates what requests ask for.
   *
   * @param requests one or more, all with one config
   */
  static List<Generation> generate(
      CausalLM model, List<GenerationRequest> requests, GenerationHooks hooks) {
    RequiredMemory.check(model, requests);
    var all = new SeveralCompletions(model, requests, hooks);
    Runnable release = model.keepTokenizerOpen();
    try {
      return requests.get(0).config().numBeams() > 1 ? all.searchEach() : all.generateTogether();
    } finally {
      release.run();
    }
  }

  private static GenerationRequest request(
      CausalLM model, List<TokenIds> prompts, int index, GenerationConfig config) {
    try {
      return model.request(prompts.get(index), config);
    } catch (GenerationException e) {
      if (prompts.size() == 1) {
        throw e;
      }
      throw new GenerationException(
          String.format(Locale.ROOT, "Of the prompts, that at %d: %s", index, e.getMessage()));
    }
  }

  /** The hooks for one completion: the listener is notified of the first one's tokens only. */
  private GenerationHooks hooks(boolean isFirst) {
    return isFirst ? hooks : hooks.listener(GenerationListener.NONE);
  }

  private List<Generation> searchEach() {
    List<Generation> found = new ArrayList<>();
    for (GenerationRequest request : requests) {
      try (var session = CausalSession.of(model.compiled(), 1)) {
        found.add(new BeamSearch(model, request, session, hooks(found.isEmpty())).run());
      }
    }
    return found;
  }

  private List<Generation> generateTogether() {
    try (var session = CausalSession.of(model.compiled(), requests.size())) {
      List<List<DecodingState>> completions = new ArrayList<>();
      for (GenerationRequest request : requests) {
        completions.add(completions(request, completions.isEmpty()));
      }
      new BatchLoop(session, completions, hooks.cancellation())
          .run(requests.stream().map(request -> request.prompt().toArray()).toArray(int[][]::new));
      return completions.stream().map(DecodingState::generation).toList();
    }
  }

  /** Creates as many completions as the config asks for, all of them empty. */
  private List<DecodingState> completions(GenerationRequest request, boolean isFirstPrompt) {
    return IntStream.range(0, request.config().numReturnSequences())
        .mapToObj(
            index -> new DecodingState(model, request, index, hooks(isFirstPrompt && index == 0)))
        .toList();
  }
}
