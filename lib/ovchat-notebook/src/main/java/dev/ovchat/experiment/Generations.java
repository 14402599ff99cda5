package dev.ovchat.experiment;

import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.generate.Generation;
import dev.ovchat.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.statistics.descriptive.Median;

/**
 * The measured generations of one run: turns, in each of which every prompt is generated from, by
 * each of the requests at once.
 *
 * @param turns generations of each turn; the first ones are those of the prompts, in their order
 * @param seconds duration of each turn
 * @param prompts number of prompts
 * @param requests number of requests at once
 */
record Generations(List<List<Generation>> turns, List<Double> seconds, int prompts, int requests) {

  /**
   * Generates, after a warm-up. It goes past the end token, so that each config does the same work.
   */
  static Generations of(CausalLM model, List<TokenIds> prompts, Properties request) {
    GenerationConfig config =
        GenerationConfig.defaults()
            .doSample(false)
            .numBeams(1)
            .numReturnSequences(1)
            .eosTokenIds(List.of())
            .stopStrings(List.of())
            .maxNewTokens(number(request, "newTokens"));
    int requests = number(request, "requestsAtOnce");
    ExecutorService threads = Executors.newFixedThreadPool(requests);
    try {
      warmUp(model, prompts, config, requests, threads);
      List<List<Generation>> turns = new ArrayList<>();
      List<Double> seconds = new ArrayList<>();
      for (int i = 0; i < number(request, "generations"); i++) {
        long start = System.nanoTime();
        turns.add(turn(model, prompts, config, requests, threads));
        seconds.add((System.nanoTime() - start) / 1e9);
      }
      return new Generations(turns, seconds, prompts.size(), requests);
    } finally {
      threads.shutdownNow();
    }
  }

  private static int number(Properties request, String name) {
    return Integer.parseInt(request.getProperty(name));
  }

  /**
   * Generates once from the first prompt; from the others only the beginning, for which kernels may
   * have to be made for a prompt's length.
   */
  private static void warmUp(
      CausalLM model,
      List<TokenIds> prompts,
      GenerationConfig config,
      int requests,
      ExecutorService threads) {
    model.generate(prompts.get(0), config);
    if (prompts.size() > 1 || requests > 1) {
      turn(model, prompts, config.maxNewTokens(2), requests, threads);
    }
  }

  private static List<Generation> turn(
      CausalLM model,
      List<TokenIds> prompts,
      GenerationConfig config,
      int requests,
      ExecutorService threads) {
    List<CompletableFuture<List<Generation>>> all =
        IntStream.range(0, requests)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> prompts.stream().map(ids -> model.generate(ids, config)).toList(),
                        threads))
            .toList();
    try {
      return all.stream().flatMap(one -> one.join().stream()).toList();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  Generation last() {
    List<Generation> turn = turns.get(turns.size() - 1);
    return turn.get(turn.size() - 1);
  }

  /** The completion of each prompt. */
  List<TokenIds> answers() {
    return turns.get(0).stream().limit(prompts).map(Generation::ids).toList();
  }

  /** Median time to the first token, in ms. */
  double firstTokenMillis() {
    return median(generation -> generation.metrics().firstTokenMillis());
  }

  /**
   * Median of the generations' tokens per second after their first token; with several requests at
   * once, median of the turns' new tokens by their duration.
   */
  double tokensPerSecond() {
    return requests == 1
        ? median(generation -> generation.metrics().tokensPerSecond())
        : Median.withDefaults()
            .evaluate(
                IntStream.range(0, turns.size())
                    .mapToDouble(turn -> newTokens(turns.get(turn)) / seconds.get(turn))
                    .toArray());
  }

  private static double newTokens(List<Generation> turn) {
    return turn.stream().mapToInt(generation -> generation.ids().size()).sum();
  }

  private double median(ToDoubleFunction<Generation> figure) {
    return Median.withDefaults()
        .evaluate(turns.stream().flatMap(List::stream).mapToDouble(figure).toArray());
  }
}
