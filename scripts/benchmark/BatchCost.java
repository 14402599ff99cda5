import dev.ovchat.chat.ChatMessage;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.CacheLayout;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.generate.Generation;
import dev.ovchat.generate.GenerationHooks;
import dev.ovchat.generate.GenerationListener;
import dev.ovchat.generate.GenerationQueue;
import dev.ovchat.openvino.Device;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Measures what spark_simulation.py takes as its inputs, in a queue as an executor of Spark has it:
 * the time of a step by the rows in the batch, the time of reading a prompt by its tokens, and how
 * long a model's answers are.
 *
 * <pre>{@code
 * jars=lib/ovchat-notebook/target
 * java -Dopenvino.libs=.ovchat/openvino/libs -cp "$jars/ovchat-notebook.jar:$jars/dependency/*" \
 *   scripts/benchmark/BatchCost.java notebooks/model/smollm2/int4
 * }</pre>
 *
 * <p>Argument: a model directory with a chat template. A step's time is the first decile of all
 * steps, a prompt's the fastest of {@value #ROUNDS}: what others do on the machine only adds.
 */
class BatchCost {
  private static final int ROUNDS = 4;
  private static final int[] ROWS = {1, 4, 16, 64, 128};
  private static final int[] PROMPTS = {16, 64, 256, 1024};
  private static final int STEPS = 16;
  private static final int MOST_TOKENS = 200;

  private static final List<String> FORMS =
      List.of(
          "What is %s?",
          "Name a colour of %s.",
          "Write a short poem about %s.",
          "Explain step by step how %s works.",
          "Is %s good or bad? Answer with yes or no.",
          "Translate the word for %s into French.");
  private static final List<String> WORDS =
      List.of(
          "rain", "a bicycle", "bread", "the moon", "a bank", "music", "a river", "tea", "a tree",
          "sleep");

  private final GenerationQueue queue;
  private final Random random = new Random(1);
  private final GenerationConfig endless =
      GenerationConfig.defaults().doSample(false).eosTokenIds(List.of());

  private BatchCost(GenerationQueue queue) {
    this.queue = queue;
  }

  public static void main(String[] arguments) {
    Path directory = Path.of(arguments[0]);
    try (var model = CausalLM.load(directory, Device.of("CPU"), Map.of(), CacheLayout.PAGED);
        var queue = model.newQueue()) {
      var cost = new BatchCost(queue);
      cost.times();
      cost.answers(model, ChatTemplate.load(directory));
    }
  }

  private void times() {
    for (int rows : ROWS) {
      List<Double> steps = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        steps.addAll(steps(rows));
      }
      Collections.sort(steps);
      System.out.printf(
          Locale.ROOT, "%4d rows: a step of %.1f ms%n", rows, 1000 * steps.get(steps.size() / 10));
    }
    for (int tokens : PROMPTS) {
      double fastest = Double.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        submit(tokens, 1, GenerationHooks.none()).join();
        fastest = Math.min(fastest, (System.nanoTime() - start) / 1e6);
      }
      System.out.printf(Locale.ROOT, "%4d prompt tokens: read in %.1f ms%n", tokens, fastest);
    }
  }

  /** Seconds of each of the last steps of prompts that are submitted at once. */
  private List<Double> steps(int rows) {
    List<Long> times = new ArrayList<>();
    GenerationListener clock = token -> times.add(System.nanoTime());
    List<CompletableFuture<Generation>> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      var hooks = i == rows - 1 ? GenerationHooks.none().listener(clock) : GenerationHooks.none();
      int earlier = (rows - 1 - i) / 8; // steps: those that begin first end after the last one
      all.add(submit(16, earlier + STEPS + 1, hooks));
    }
    all.forEach(CompletableFuture::join);
    List<Double> seconds = new ArrayList<>();
    for (int i = 1; i < times.size(); i++) {
      seconds.add((times.get(i) - times.get(i - 1)) / 1e9);
    }
    return seconds;
  }

  /** Submits a prompt of random ids, so that nothing of it is in the cache. */
  private CompletableFuture<Generation> submit(int tokens, int newTokens, GenerationHooks hooks) {
    TokenIds prompt = TokenIds.of(random.ints(tokens, 100, 40_000).toArray());
    return queue.submit(prompt, endless.maxNewTokens(newTokens), hooks);
  }

  private void answers(CausalLM model, ChatTemplate template) {
    var config = GenerationConfig.defaults().doSample(false).maxNewTokens(MOST_TOKENS);
    List<CompletableFuture<Generation>> all = new ArrayList<>();
    for (String word : WORDS) {
      for (String form : FORMS) {
        String text = template.render(List.of(ChatMessage.user(form.formatted(word))));
        all.add(queue.submit(model.tokenizer().encode(text, EncodeOptions.AS_IT_IS), config));
      }
    }
    List<Generation> answers = all.stream().map(CompletableFuture::join).toList();
    System.out.println("prompt tokens: " + answers.stream().map(it -> it.prompt().size()).toList());
    System.out.println("answer tokens: " + answers.stream().map(it -> it.ids().size()).toList());
  }
}
