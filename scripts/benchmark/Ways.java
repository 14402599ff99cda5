import dev.ovchat.generate.CausalLM;
import dev.ovchat.chat.Chat;
import dev.ovchat.generate.Drafter;
import dev.ovchat.generate.Generation;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.GenerationHooks;
import dev.ovchat.generate.Metrics;
import dev.ovchat.openvino.Device;
import dev.ovchat.chat.ChatMessage;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Measures what ovchat's own ways to generate save, each against plain generation in the same
 * process, by turns: drafts, batches, and the cache that a chat keeps.
 *
 * <p>Arguments: model directory, tokens of an answer, repetitions, and which of them: copying,
 * known, batch, chat.
 */
class Ways {
  private static final Map<String, String> CONFIG =
      Map.of("PERFORMANCE_HINT", "LATENCY", "NUM_STREAMS", "1", "CACHE_DIR", "");
  private static final List<String> QUESTIONS =
      List.of(
          "can you introduce yourself?",
          "What does NUM_STREAMS do?",
          "How do I export the model?",
          "What is a token?",
          "What does step 4 do?",
          "What does PERFORMANCE_HINT do?");
  private static final List<String> SENTENCES =
      List.of("the small dog sees the moon", "my sister reads a good book");

  private final CausalLM model;
  private final Tokenizer tokenizer;
  private final ChatTemplate template;
  private final GenerationConfig config;
  private final int repetitions;

  public static void main(String[] arguments) {
    Path directory = Path.of(arguments[0]);
    try (var model = CausalLM.load(directory, Device.of("CPU"), CONFIG);
        var tokenizer = Tokenizer.load(directory)) {
      var config = GenerationConfig.defaults().maxNewTokens(Integer.parseInt(arguments[1]));
      var template = ChatTemplate.load(directory);
      var ways = new Ways(model, tokenizer, template, config, Integer.parseInt(arguments[2]));
      for (String way : arguments[3].split(",")) {
        ways.measure(way);
      }
    }
  }

  private Ways(
      CausalLM model,
      Tokenizer tokenizer,
      ChatTemplate template,
      GenerationConfig config,
      int repetitions) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.template = template;
    this.config = config;
    this.repetitions = repetitions;
  }

  private void measure(String way) {
    switch (way) {
      case "copying" -> copying();
      case "known" -> knownContinuation();
      case "batch" -> batch(8);
      case "chat" -> chat(10);
      default -> throw new IllegalArgumentException(way + " is none of copying,known,batch,chat.");
    }
  }

  private void copying() {
    drafts("prompt lookup, answers that copy nothing", QUESTIONS.stream().map(this::ask).toList());
    drafts(
        "prompt lookup, a question asked again", QUESTIONS.stream().map(this::askTwice).toList());
    drafts(
        "prompt lookup, a short sentence repeated",
        SENTENCES.stream().map(sentence -> ask("Repeat after me: " + sentence)).toList());
  }

  private void drafts(String name, List<TokenIds> prompts) {
    GenerationConfig drafting = config.promptLookupNumTokens(10);
    List<Double> ratios = new ArrayList<>();
    int same = 0;
    for (TokenIds prompt : prompts) {
      ratios.add(
          ratio(() -> model.generate(prompt, config), () -> model.generate(prompt, drafting)));
      TokenIds answer = model.generate(prompt, drafting).ids();
      same += answer.equals(model.generate(prompt, config).ids()) ? 1 : 0;
    }
    System.out.printf(
        Locale.ROOT,
        "  %-45s %.2f (each %s); %d of %d answers the same%n",
        name,
        median(ratios),
        rounded(ratios),
        same,
        prompts.size());
  }

  /**
   * The bound of what drafts can save: the answer is known. In less than full precision a draft's
   * roundings are others than a single token's, so the answer is made with drafts of itself until
   * it stays the same.
   */
  private void knownContinuation() {
    TokenIds prompt = ask(QUESTIONS.get(0));
    Generation known = model.generate(prompt, config);
    Generation drafted = generate(prompt, known);
    while (!drafted.ids().equals(known.ids())) {
      known = drafted;
      drafted = generate(prompt, known);
    }
    Generation last = known;
    double ratio = ratio(() -> model.generate(prompt, config), () -> generate(prompt, last));
    System.out.printf(
        Locale.ROOT,
        "  %-45s %.2f; %d of %d drafted tokens accepted%n",
        "the known continuation as draft, 7 tokens",
        ratio,
        drafted.metrics().acceptedTokens(),
        drafted.metrics().draftedTokens());
  }

  private Generation generate(TokenIds prompt, Generation known) {
    int[] whole = known.sequence().toArray();
    Drafter drafter =
        (tokens, most) -> {
          int from = Math.min(tokens.size(), whole.length);
          int to = Math.min(from + Math.max(0, Math.min(most, 7)), whole.length);
          return Arrays.copyOfRange(whole, from, to);
        };
    return model.generate(prompt, config, GenerationHooks.none().drafter(drafter));
  }

  private void batch(int size) {
    GenerationConfig endless = config.eosTokenIds(List.of());
    List<TokenIds> prompts = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      prompts.add(ask(QUESTIONS.get(i % QUESTIONS.size())));
    }
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < repetitions; i++) {
      long start = System.nanoTime();
      prompts.forEach(prompt -> model.generate(prompt, endless));
      long between = System.nanoTime();
      model.batchGenerate(prompts, endless);
      ratios.add((double) (between - start) / (System.nanoTime() - between));
    }
    System.out.printf(
        Locale.ROOT, "  %-45s %.2f%n", "a batch of " + size + " prompts", median(ratios));
  }

  /** From the question to the first piece of text, with rendering and tokenizing the chat. */
  private void chat(int turns) {
    List<List<Double>> millis = new ArrayList<>();
    for (int i = 0; i < turns; i++) {
      millis.add(new ArrayList<>());
    }
    for (int i = 0; i < repetitions; i++) {
      try (var chat = Chat.of(model, template, config)) {
        chat.add(ChatMessage.system("You are a helpful AI assistant."));
        for (int turn = 0; turn < turns; turn++) {
          long[] first = new long[1];
          long start = System.nanoTime();
          chat.ask(
              QUESTIONS.get(turn % 2),
              piece -> first[0] = first[0] == 0 ? System.nanoTime() : first[0]);
          millis.get(turn).add((first[0] - start) / 1e6);
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "A chat's first text, ms: turn 2 %.1f, turn %d %.1f; %.2f times%n",
        median(millis.get(1)),
        turns,
        median(millis.get(turns - 1)),
        median(millis.get(turns - 1)) / median(millis.get(1)));
  }

  /** How many times faster the second one is, by turns; the median. */
  private double ratio(Supplier<Generation> plain, Supplier<Generation> other) {
    millis(plain);
    millis(other);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < repetitions; i++) {
      ratios.add(millis(plain) / millis(other));
    }
    return median(ratios);
  }

  /** An answer's time after its first token. */
  private static double millis(Supplier<Generation> generate) {
    Metrics metrics = generate.get().metrics();
    return metrics.perTokenMillis() * (metrics.newTokens() - 1);
  }

  private TokenIds ask(String question) {
    return encode(List.of(ChatMessage.user(question)));
  }

  private TokenIds askTwice(String question) {
    Generation first = model.generate(ask(question), config);
    var skip = DecodeOptions.READABLE;
    String answer = tokenizer.decode(first.ids(), skip);
    return encode(
        List.of(
            ChatMessage.user(question), ChatMessage.assistant(answer), ChatMessage.user(question)));
  }

  private TokenIds encode(List<ChatMessage> messages) {
    return tokenizer.encode(
        template.render(messages), EncodeOptions.AS_IT_IS);
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private static List<String> rounded(List<Double> values) {
    return values.stream().map(value -> String.format(Locale.ROOT, "%.2f", value)).toList();
  }
}
