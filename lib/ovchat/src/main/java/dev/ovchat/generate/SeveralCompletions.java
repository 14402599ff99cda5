package dev.ovchat.generate;

import dev.ovchat.cache.CacheTraits;
import dev.ovchat.cache.CausalSession;
import dev.ovchat.cache.PagedCache;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.config.GenerationException;
import dev.ovchat.openvino.CompiledModel;
import dev.ovchat.openvino.OpenVinoException;
import dev.ovchat.system.SystemMemory;
import dev.ovchat.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Generates more than one completion, of one prompt or several: in a batch, whose KV cache has a
 * row for each or is in blocks, or by a beam search for each prompt.
 */
final class SeveralCompletions {
  /** Prompts from which on it pays to compile the model once more, for a cache in blocks. */
  static final int LEAST_FOR_PAGES = 8;

  private final CausalLM model;
  private final List<GenerationRequest> requests;
  private final Cancellation cancellation;

  private SeveralCompletions(CausalLM model, List<GenerationRequest> requests) {
    this.model = model;
    this.requests = requests;
    this.cancellation = requests.get(0).cancellation().orElseGet(Cancellation::new);
  }

  /** Implements {@link CausalLM#batchGenerate(List, GenerationConfig, GenerationHooks)}. */
  static List<Generation> generate(
      CausalLM model, List<TokenIds> prompts, GenerationConfig config, GenerationHooks hooks) {
    GenerationHooks others = hooks.withoutListener();
    List<GenerationRequest> requests = new ArrayList<>();
    for (int index = 0; index < prompts.size(); index++) {
      requests.add(request(model, prompts, index, config, index == 0 ? hooks : others));
    }
    return requests.isEmpty() ? List.of() : generate(model, requests);
  }

  /**
   * Generates what requests ask for.
   *
   * @param requests one or more, all with one config and, but for the listener, with the same hooks
   */
  static List<Generation> generate(CausalLM model, List<GenerationRequest> requests) {
    var all = new SeveralCompletions(model, requests);
    Runnable release = model.keepTokenizerOpen();
    try {
      return requests.get(0).config().numBeams() > 1 ? all.searchEach() : all.generateTogether();
    } finally {
      release.run();
    }
  }

  private static GenerationRequest request(
      CausalLM model,
      List<TokenIds> prompts,
      int index,
      GenerationConfig config,
      GenerationHooks hooks) {
    try {
      return model.request(prompts.get(index), config, hooks);
    } catch (GenerationException e) {
      if (prompts.size() == 1) {
        throw e;
      }
      throw new GenerationException(
          String.format(Locale.ROOT, "Of the prompts, that at %d: %s", index, e.getMessage()));
    }
  }

  private List<Generation> searchEach() {
    RequiredMemory.check(model, requests);
    List<Generation> found = new ArrayList<>();
    for (GenerationRequest request : requests) {
      try (var session = CausalSession.of(model.compiled(), 1)) {
        found.add(new BeamSearch(model, request, session, cancellation).run());
      }
    }
    return found;
  }

  private List<Generation> generateTogether() {
    return inPages().map(this::generateInPages).orElseGet(this::generateInRows);
  }

  /** The model for a cache in blocks; empty if the cache is to have a row for each prompt. */
  private Optional<CompiledModel> inPages() {
    if (model.cacheLayout() == CacheLayout.CONTIGUOUS && requests.size() < LEAST_FOR_PAGES) {
      return Optional.empty();
    }
    try {
      return Optional.of(model.paged());
    } catch (OpenVinoException | GenerationException e) { // rows do as well
      return Optional.empty();
    }
  }

  private List<Generation> generateInPages(CompiledModel paged) {
    RequiredMemory.checkHeap(requests);
    List<List<DecodingState>> completions = completions();
    var failure = new AtomicReference<Throwable>();
    long mostBytes = SystemMemory.here().free().orElse(Long.MAX_VALUE) / 2;
    try (var batch = new ContinuousBatch(new PagedCache(paged, mostBytes))) {
      for (List<DecodingState> ofOne : completions) {
        batch.add(new BatchedPrompt(ofOne, cancellation::isRequested, done -> {}, failure::set));
      }
      run(batch, failure);
    }
    return completions.stream().map(DecodingState::generation).toList();
  }

  /** Goes on to the end; what ends one completion ends all. */
  private void run(ContinuousBatch batch, AtomicReference<Throwable> failure) {
    try {
      while (failure.get() == null && !batch.isIdle()) {
        batch.step(cancellation::isRequested);
      }
      if (failure.get() instanceof RuntimeException reason) {
        throw reason;
      }
      if (failure.get() instanceof Error reason) {
        throw reason;
      }
    } catch (RuntimeException | Error e) {
      batch.failAll(e);
      throw e;
    }
  }

  private List<Generation> generateInRows() {
    int batch = fitOneBatch() ? requests.size() : 1;
    RequiredMemory.checkHeap(requests); // the completions of all batches are there at once
    for (int first = 0; first < requests.size(); first += batch) {
      RequiredMemory.check(model, requests.subList(first, first + batch));
    }
    List<List<DecodingState>> completions = completions();
    for (int first = 0; first < requests.size(); first += batch) {
      generate(first, completions.subList(first, first + batch));
    }
    return completions.stream().map(DecodingState::generation).toList();
  }

  /**
   * Tests whether all prompts can be in one batch. Short ones are padded, and padding is masked.
   */
  private boolean fitOneBatch() {
    CacheTraits traits = model.cacheTraits();
    return traits.choosesRows()
        && (traits.masks()
            || requests.stream().mapToInt(request -> request.prompt().size()).distinct().count()
                == 1);
  }

  /**
   * Generates the completions of prompts in one batch.
   *
   * @param first the index of the first prompt
   */
  private void generate(int first, List<List<DecodingState>> completions) {
    try (var session = CausalSession.of(model.compiled(), completions.size())) {
      new BatchLoop(session, completions, cancellation)
          .run(
              requests.subList(first, first + completions.size()).stream()
                  .map(request -> request.prompt().toArray())
                  .toArray(int[][]::new));
    }
  }

  /** Creates as many completions of each prompt as the config asks for, all of them empty. */
  private List<List<DecodingState>> completions() {
    List<List<DecodingState>> completions = new ArrayList<>();
    for (GenerationRequest request : requests) {
      completions.add(DecodingState.all(model, request));
    }
    return completions;
  }
}
