import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.ovchat.chat.ChatListener;
import dev.ovchat.chat.ChatMessage;
import dev.ovchat.chat.ChatSession;
import dev.ovchat.chat.ChatTemplate;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.Cancellation;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.generate.GenerationHooks;
import dev.ovchat.generate.TextStreamer;
import dev.ovchat.langchain4j.OvchatStreamingChatModel;
import dev.ovchat.openvino.Device;
import dev.ovchat.springai.OvchatChatModel;
import dev.ovchat.springai.OvchatChatOptions;
import dev.ovchat.text.EncodeOptions;
import dev.ovchat.text.TokenIds;
import dev.ovchat.tool.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Measures what LangChain4j's and Spring AI's models cost beside the core, streaming the same
 * answer by turns in the same process: the time of a piece of text after the first one, and the
 * time to the first one. All read the prompt from a cache that has it. Spring AI's ChatClient hands
 * each piece on to a thread of its own, by which it takes longer than the model that it asks.
 *
 * <p>Each answer has a cache of its own: where that lies in memory makes a tenth more or less. How
 * far the figures can be trusted shows in the second row of ChatSession.
 *
 * <p>Arguments: model directory, tokens of an answer, repetitions.
 */
class Programs {
  private static final Map<String, String> CONFIG =
      Map.of("PERFORMANCE_HINT", "LATENCY", "NUM_STREAMS", "1", "CACHE_DIR", "");
  private static final String QUESTION = "can you introduce yourself?";
  private static final String PLAIN = "ChatSession";
  private static final List<ChatMessage> MESSAGES = List.of(ChatMessage.user(QUESTION));

  /** One answer: its pieces in order, and when they came. */
  private static final class Heard implements Consumer<String> {
    private final StringBuilder text = new StringBuilder();
    private final long start = System.nanoTime();
    private long first;
    private long last;
    private int pieces;

    @Override
    public void accept(String piece) {
      if (piece.isEmpty()) {
        return; // the end of Spring AI's stream
      }
      last = System.nanoTime();
      first = pieces == 0 ? last : first;
      pieces++;
      text.append(piece);
    }

    double firstMillis() {
      return (first - start) / 1e6;
    }

    double pieceMicros() {
      return (last - first) / 1e3 / (pieces - 1);
    }
  }

  public static void main(String[] arguments) {
    Path directory = Path.of(arguments[0]);
    int tokens = Integer.parseInt(arguments[1]);
    int repetitions = Integer.parseInt(arguments[2]);
    var template = ChatTemplate.load(directory);
    var config = GenerationConfig.defaults().maxNewTokens(tokens).doSample(false);
    try (var model = CausalLM.load(directory, Device.of("CPU"), CONFIG)) {
      Map<String, Supplier<Heard>> ways = new LinkedHashMap<>();
      ways.put("generate", () -> generate(model, template, config));
      ways.put(PLAIN, () -> complete(model, template, config));
      ways.put("another one", () -> complete(model, template, config));
      ways.put("LangChain4j", () -> askLangChain(model, template, tokens));
      ways.put("Spring AI", () -> askSpring(model, template, tokens, Programs::ask));
      ways.put("its ChatClient", () -> askSpring(model, template, tokens, Programs::askClient));
      print(measured(ways, repetitions));
    }
  }

  private static Heard generate(CausalLM model, ChatTemplate template, GenerationConfig config) {
    TokenIds prompt = model.tokenizer().encode(template.render(MESSAGES), EncodeOptions.AS_IT_IS);
    try (var session = model.newSession()) {
      return second(
          heard ->
              session.generate(
                  prompt, config, GenerationHooks.none().listener(TextStreamer.of(heard))));
    }
  }

  private static Heard complete(CausalLM model, ChatTemplate template, GenerationConfig config) {
    try (var session = ChatSession.of(model, template)) {
      return second(
          heard ->
              session.complete(
                  MESSAGES, Tools.none(), config, ChatListener.NONE, heard, new Cancellation()));
    }
  }

  private static Heard askLangChain(CausalLM model, ChatTemplate template, int tokens) {
    try (var chatModel =
        OvchatStreamingChatModel.builder()
            .model(model, template)
            .temperature(0.0)
            .maxOutputTokens(tokens)
            .build()) {
      return second(heard -> ask(chatModel, heard));
    }
  }

  private static void ask(OvchatStreamingChatModel model, Heard heard) {
    var end = new CompletableFuture<ChatResponse>();
    model.chat(
        QUESTION,
        new StreamingChatResponseHandler() {
          @Override
          public void onPartialResponse(String piece) {
            heard.accept(piece);
          }

          @Override
          public void onCompleteResponse(ChatResponse response) {
            end.complete(response);
          }

          @Override
          public void onError(Throwable error) {
            end.completeExceptionally(error);
          }
        });
    end.join();
  }

  private static Heard askSpring(
      CausalLM model,
      ChatTemplate template,
      int tokens,
      BiConsumer<OvchatChatModel, Heard> question) {
    var options = OvchatChatOptions.builder().temperature(0.0).maxTokens(tokens).build();
    try (var chatModel = OvchatChatModel.of(model, template, "model", options)) {
      return second(heard -> question.accept(chatModel, heard));
    }
  }

  private static void ask(OvchatChatModel model, Heard heard) {
    model.stream(new Prompt(QUESTION))
        .doOnNext(response -> heard.accept(response.getResult().getOutput().getText()))
        .blockLast();
  }

  private static void askClient(OvchatChatModel model, Heard heard) {
    ChatClient.create(model).prompt(QUESTION).stream().content().doOnNext(heard).blockLast();
  }

  /** The second answer, whose prompt is in the cache. */
  private static Heard second(Consumer<Heard> question) {
    question.accept(new Heard());
    var heard = new Heard();
    question.accept(heard);
    return heard;
  }

  /** Each way's answers, in turn; the first two rounds, in which Java compiles, do not count. */
  private static Map<String, List<Heard>> measured(
      Map<String, Supplier<Heard>> ways, int repetitions) {
    Map<String, List<Heard>> measured = new LinkedHashMap<>();
    for (int round = -2; round < repetitions; round++) {
      for (var way : ways.entrySet()) {
        Heard heard = way.getValue().get();
        if (round >= 0) {
          measured.computeIfAbsent(way.getKey(), name -> new ArrayList<>()).add(heard);
        }
      }
    }
    return measured;
  }

  private static void print(Map<String, List<Heard>> measured) {
    List<Heard> plain = measured.get(PLAIN);
    System.out.println(
        "way            first piece, ms   each further, µs   times ChatSession's   the same");
    measured.forEach(
        (way, all) ->
            System.out.printf(
                Locale.ROOT,
                "%-14s %15.2f %18.1f %21.3f   %s%n",
                way,
                median(all.stream().mapToDouble(Heard::firstMillis).toArray()),
                median(all.stream().mapToDouble(Heard::pieceMicros).toArray()),
                ratio(all, plain),
                all.get(0).text.compareTo(plain.get(0).text) == 0 ? "yes" : "no"));
  }

  /** The median over the rounds of what a piece takes, against another way in the same round. */
  private static double ratio(List<Heard> all, List<Heard> plain) {
    double[] ratios = new double[all.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = all.get(i).pieceMicros() / plain.get(i).pieceMicros();
    }
    return median(ratios);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
