package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ovchat.AccurateModelTest;
import dev.ovchat.DemoModel;
import dev.ovchat.cache.CausalSession;
import dev.ovchat.chat.Chat;
import dev.ovchat.chat.ChatMessage;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.grammar.GrammarException;
import dev.ovchat.grammar.RecordFormat;
import dev.ovchat.grammar.ResponseFormat;
import dev.ovchat.text.DecodeOptions;
import dev.ovchat.text.TokenIds;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers follow their format in each way to generate. */
class ResponseFormatsTest extends AccurateModelTest {
  private static final GenerationConfig SHORT = GenerationConfig.defaults().maxNewTokens(120);

  /** Each format, and what its answers match. */
  private static final Map<ResponseFormat, String> FORMATS =
      Map.of(
          ResponseFormat.jsonSchema(
              """
              {"type": "object", "properties": {"name": {"type": "string", "pattern": "^[A-Za-z ]{1,12}$"},
               "kind": {"enum": ["person", "program"]}}, "required": ["name", "kind"],
               "additionalProperties": false}"""),
          "\\{\"name\": \"[A-Za-z ]{1,12}\", \"kind\": \"(person|program)\"}",
          ResponseFormat.regex("[A-Z][a-z]{2,8}( [a-z]{1,8}){1,3}[.!]"),
          "[A-Z][a-z]{2,8}( [a-z]{1,8}){1,3}[.!]",
          ResponseFormat.lark("start: pair (\", \" pair)~1..2\npair: /[a-z]{1,5}/ \"=\" /[0-9]/"),
          "[a-z]{1,5}=[0-9](, [a-z]{1,5}=[0-9]){1,2}",
          ResponseFormat.choices(List.of("yes", "no", "I do not know.")),
          "yes|no|I do not know\\.");

  private static final Map<String, Function<GenerationConfig, List<TokenIds>>> WAYS =
      Map.of(
          "greedy", config -> ids(model.generate(prompt, config)),
          "sampling", config -> ids(model.generate(prompt, config.doSample(true).seed(1))),
          "hot",
              config -> ids(model.generate(prompt, config.doSample(true).temperature(3).seed(2))),
          "beams", config -> ids(model.generate(prompt, config.numBeams(3).numReturnSequences(3))),
          "several",
              config ->
                  ids(model.generate(prompt, config.doSample(true).numReturnSequences(3).seed(3))),
          "drafts", config -> ids(model.generate(prompt, config.promptLookupNumTokens(5))),
          "batch", config -> together(model.batchGenerate(prompts.subList(0, 4), config)),
          "paged batch", config -> together(model.batchGenerate(prompts.subList(0, 9), config)),
          "queue", ResponseFormatsTest::queued,
          "explained", config -> ids(model.explain(prompt, config, 2).generation()));

  private static List<TokenIds> ids(Generation generation) {
    return generation.completions().stream().map(Completion::ids).toList();
  }

  private static List<TokenIds> together(List<Generation> generations) {
    return generations.stream().flatMap(one -> ids(one).stream()).toList();
  }

  private static List<TokenIds> queued(GenerationConfig config) {
    try (GenerationQueue queue = model.newQueue()) {
      List<CompletableFuture<Generation>> futures =
          prompts.subList(0, 4).stream().map(one -> queue.submit(one, config)).toList();
      return together(futures.stream().map(CompletableFuture::join).toList());
    }
  }

  private static String text(TokenIds ids) {
    return tokenizer.decode(ids, DecodeOptions.READABLE);
  }

  static Stream<String> ways() {
    return WAYS.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void eachFormatIsFollowed(String way) {
    FORMATS.forEach(
        (format, pattern) -> {
          List<TokenIds> completions = WAYS.get(way).apply(SHORT.responseFormat(format));
          assertThat(completions).isNotEmpty();
          for (TokenIds ids : completions) {
            assertThat(text(ids)).as("%s, %s", way, format).matches(pattern);
            assertThat(model.eosTokenIds()).contains(ids.get(ids.size() - 1));
          }
        });
  }

  @Test
  void anAnswerAloneIsThatOfABatchAndOfAQueue() {
    for (ResponseFormat format : FORMATS.keySet()) {
      var config = SHORT.responseFormat(format);
      List<TokenIds> alone =
          prompts.subList(0, 4).stream().map(one -> model.generate(one, config).ids()).toList();
      assertThat(together(model.batchGenerate(prompts.subList(0, 4), config))).isEqualTo(alone);
      assertThat(queued(config)).isEqualTo(alone);
      var drawn = config.doSample(true).temperature(2).seed(7);
      List<TokenIds> drawnAlone =
          prompts.subList(0, 4).stream().map(one -> model.generate(one, drawn).ids()).toList();
      assertThat(together(model.batchGenerate(prompts.subList(0, 4), drawn))).isEqualTo(drawnAlone);
      assertThat(model.explain(prompts.get(0), drawn, 1).generation().ids())
          .isEqualTo(drawnAlone.get(0));
    }
  }

  @Test
  void draftsChangeNothing() {
    for (ResponseFormat format : FORMATS.keySet()) {
      var config = SHORT.responseFormat(format);
      TokenIds plain = model.generate(prompt, config).ids();
      Drafter always =
          (tokens, most) ->
              tokens.completionSize() + most < plain.size()
                  ? new int[0]
                  : Arrays.copyOf(
                      Arrays.copyOfRange(plain.toArray(), tokens.completionSize(), plain.size()),
                      Math.min(most, plain.size() - tokens.completionSize()));
      Drafter wrong = (tokens, most) -> most > 1 ? new int[] {5, 6} : new int[0];
      for (Drafter drafter : List.of(always, wrong)) {
        assertThat(model.generate(prompt, config, GenerationHooks.none().drafter(drafter)).ids())
            .isEqualTo(plain);
      }
    }
  }

  @Test
  void whatIsForcedIsReadAtOnce() {
    var format =
        ResponseFormat.lark(
            "start: /[a-z]/ \" is the answer to all of the questions, and no other\"");
    var steps = new AtomicInteger();
    Generation generation =
        model.generate(
            prompt,
            SHORT.responseFormat(format),
            GenerationHooks.none()
                .drafter(
                    (tokens, most) -> {
                      steps.incrementAndGet();
                      return new int[0];
                    }));
    assertThat(generation.ids().size()).isGreaterThan(10);
    assertThat(steps.get()).isLessThan(4);
    assertThat(generation.metrics().draftedTokens()).isZero();
  }

  /**
   * Another answer of the queue gets one token at each step, by which the steps are counted. From
   * its own thread it submits the one with a format, so that it lasts longer.
   */
  @Test
  void whatIsForcedIsReadAtOnceInAQueue() {
    for (String stop : List.of("there is no such text", "the questions")) {
      var format =
          ResponseFormat.lark(
              "start: /[a-z]/ \" is the answer to all of the questions, and no other\" /[.!?]/");
      var config = SHORT.responseFormat(format).stopStrings(List.of(stop));
      var endless = SHORT.eosTokenIds(List.of());
      var others = new AtomicInteger();
      Set<Integer> steps = new HashSet<>();
      var submitted = new AtomicReference<CompletableFuture<Generation>>();
      try (GenerationQueue queue = model.newQueue()) {
        var counting = GenerationHooks.none().listener(id -> steps.add(others.get()));
        CompletableFuture<Generation> other =
            queue.submit(
                prompts.get(1),
                endless,
                GenerationHooks.none()
                    .listener(
                        id -> {
                          if (others.incrementAndGet() == 1) {
                            submitted.set(queue.submit(prompts.get(0), config, counting));
                          }
                        }));
        assertThat(other.join().ids()).isEqualTo(model.generate(prompts.get(1), endless).ids());
        TokenIds forced = submitted.get().join().ids();
        assertThat(forced).isEqualTo(model.generate(prompts.get(0), config).ids());
        assertThat(forced.size()).isGreaterThan(steps.size() + 5);
      }
    }
  }

  @Test
  void whatIsForcedIsReadAtOnceInABatch() {
    var format = ResponseFormat.lark("start: /[a-z]/ \" is the answer to all of the questions\"");
    var config = SHORT.responseFormat(format);
    List<TokenIds> some = prompts.subList(0, 3);
    List<List<DecodingState>> completions =
        some.stream()
            .map(one -> model.request(one, config))
            .map(request -> DecodingState.all(model, request))
            .toList();
    var reads = new AtomicInteger();
    try (CausalSession session = CausalSession.of(model.compiled(), some.size())) {
      new BatchLoop(counting(session, reads), completions, new Cancellation())
          .run(some.stream().map(TokenIds::toArray).toArray(int[][]::new));
    }
    for (int index = 0; index < some.size(); index++) {
      TokenIds ids = DecodingState.generation(completions.get(index)).ids();
      assertThat(ids).isEqualTo(model.generate(some.get(index), config).ids());
      assertThat(ids.size()).isGreaterThan(reads.get() + 5);
    }
  }

  private static CausalSession counting(CausalSession session, AtomicInteger reads) {
    return (CausalSession)
        Proxy.newProxyInstance(
            CausalSession.class.getClassLoader(),
            new Class<?>[] {CausalSession.class},
            (proxy, method, arguments) -> {
              reads.addAndGet(method.getName().equals("read") ? 1 : 0);
              return method.invoke(session, arguments);
            });
  }

  @Test
  void anAnswerThatIsCutOffSaysSo() {
    var config = SHORT.maxNewTokens(4).responseFormat(ResponseFormat.regex("[a-z ]{60}"));
    assertThat(model.generate(prompt, config).finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(model.generate(prompt, config.numBeams(2)).finishReason())
        .isEqualTo(FinishReason.LENGTH);
    assertThat(model.generate(prompt, config.maxNewTokens(100)).finishReason())
        .isEqualTo(FinishReason.END_TOKEN);
  }

  @Test
  void withoutEndTokensACompleteAnswerEnds() {
    var format = ResponseFormat.choices(List.of("yes", "no"));
    var config = SHORT.eosTokenIds(List.of()).responseFormat(format);
    for (GenerationConfig one : List.of(config, config.numBeams(2))) {
      Generation generation = model.generate(prompt, one);
      assertThat(generation.finishReason()).isEqualTo(FinishReason.COMPLETE);
      assertThat(text(generation.ids())).matches("yes|no");
    }
  }

  enum Mood {
    GLAD,
    SAD
  }

  record Part(int number, boolean done) {}

  record Report(Mood mood, List<Part> parts) {}

  @Test
  void anAnswerIsReadIntoARecord() {
    RecordFormat<Report> format = ResponseFormat.of(Report.class);
    for (int seed = 0; seed < 5; seed++) {
      var config = SHORT.maxNewTokens(400).doSample(true).seed(seed).responseFormat(format);
      Generation generation = model.generate(prompt, config);
      if (generation.finishReason() == FinishReason.END_TOKEN) {
        Report report = format.read(text(generation.ids()));
        assertThat(text(generation.ids())).contains("\"mood\": \"" + report.mood() + "\"");
      }
    }
  }

  @Test
  void stopStringsEndItSooner() {
    var config =
        SHORT
            .responseFormat(ResponseFormat.lark("start: \"one two three four\""))
            .stopStrings(List.of("three"));
    Generation generation = model.generate(prompt, config);
    assertThat(generation.finishReason()).isEqualTo(FinishReason.STOP_STRING);
    assertThat(text(generation.ids())).startsWith("one two three").doesNotContain("four");
  }

  @Test
  void itStreamsAndChats() {
    ResponseFormat format = ResponseFormat.choices(List.of("yes", "no"));
    var config = SHORT.responseFormat(format);
    var pieces = new ArrayList<String>();
    try (TextStream stream = model.stream(prompt, config)) {
      stream.pieces().forEach(pieces::add);
    }
    assertThat(String.join("", pieces)).matches("yes|no");
    try (Chat chat = Chat.of(model, ChatTemplate.load(DemoModel.DIRECTORY), config)) {
      assertThat(chat.ask("who are you?").text()).matches("yes|no");
      assertThat(chat.ask("and who am I?").text()).matches("yes|no");
    }
    try (GenerationSession session = model.newSession()) {
      for (TokenIds one : prompts.subList(0, 3)) {
        assertThat(text(session.generate(one, config).ids())).matches("yes|no");
      }
    }
  }

  @Test
  void anInterruptWhileAFormatIsCompiledLeavesAChatAsItWas() {
    try (Chat chat = Chat.of(model, ChatTemplate.load(DemoModel.DIRECTORY), SHORT)) {
      chat.ask("who are you?");
      List<ChatMessage> before = chat.messages();
      chat.setConfig(SHORT.responseFormat(ResponseFormat.regex("[a-z]{5} [a-z]{7}")));
      Thread.currentThread().interrupt();
      try {
        assertThatExceptionOfType(GrammarException.class)
            .isThrownBy(() -> chat.ask("and who am I?"))
            .withMessageContaining("the thread was interrupted");
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
      assertThat(chat.messages()).isEqualTo(before);
      assertThat(chat.ask("and who am I?").text()).matches("[a-z]{5} [a-z]{7}");
    }
  }

  @Test
  void whatIsRefusedIsRefusedBeforeTheFirstToken() {
    var started = new AtomicInteger();
    var hooks =
        GenerationHooks.none()
            .listener(
                new GenerationListener() {
                  @Override
                  public void start(GenerationConfig config) {
                    started.incrementAndGet();
                  }

                  @Override
                  public void token(int id) {
                    started.incrementAndGet();
                  }
                });
    var config = SHORT.responseFormat(ResponseFormat.jsonSchema("{\"not\": {}}"));
    for (GenerationConfig one : List.of(config, config.numBeams(2))) {
      assertThatExceptionOfType(GrammarException.class)
          .isThrownBy(() -> model.generate(prompt, one, hooks))
          .withMessageContaining("not");
    }
    assertThatExceptionOfType(GrammarException.class)
        .isThrownBy(() -> model.batchGenerate(prompts, config, hooks));
    assertThat(started.get()).isZero();
  }
}
