package dev.ovchat.generate;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The completions of one prompt in a {@link ContinuousBatch}. */
final class BatchedPrompt {
  private final List<DecodingState> completions;
  private final BooleanSupplier isCancelled;
  private final Consumer<Generation> whenDone;
  private final Consumer<Throwable> whenFailed;

  /**
   * @param completions one or more, all of them empty
   * @param isCancelled asked before each step
   * @param whenDone called once all completions are over
   * @param whenFailed called if one of them cannot go on, and so none does
   */
  BatchedPrompt(
      List<DecodingState> completions,
      BooleanSupplier isCancelled,
      Consumer<Generation> whenDone,
      Consumer<Throwable> whenFailed) {
    this.completions = List.copyOf(completions);
    this.isCancelled = isCancelled;
    this.whenDone = whenDone;
    this.whenFailed = whenFailed;
  }

  List<DecodingState> completions() {
    return completions;
  }

  DecodingState first() {
    return completions.get(0);
  }

  boolean isOver() {
    return completions.stream().allMatch(DecodingState::isOver);
  }

  boolean isCancelled() {
    return isCancelled.getAsBoolean();
  }

  void start() {
    completions.forEach(DecodingState::start);
  }

  /** Ends the completions that are not over. */
  void cancel() {
    completions.stream().filter(completion -> !completion.isOver()).forEach(DecodingState::cancel);
  }

  void fail(Throwable reason) {
    completions.forEach(completion -> completion.fail(reason));
    whenFailed.accept(reason);
  }

  void done() {
    whenDone.accept(DecodingState.generation(completions));
  }
}
