package dev.ovchat.experiment;

import static java.util.stream.Collectors.joining;

import dev.ovchat.text.TokenIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/** Request to the process of a run, and its response, as properties: all values are texts. */
final class Request {
  /** Key of the reason of a failure. */
  static final String REASON = "reason";

  /** Key of OpenVINO's message that refuses the device or a value of the grid. */
  static final String REFUSED = "refused";

  private static final String CONFIG = "config.";
  private static final String EFFECTIVE = "effective.";

  private Request() {}

  /** Creates a request to measure a config. */
  static Properties measure(Experiment experiment, Map<String, String> config) {
    Properties request = new Properties();
    request.setProperty("model", experiment.modelDirectory().toAbsolutePath().toString());
    request.setProperty("device", experiment.device().name());
    request.setProperty("prompts", texts(experiment.prompts()));
    request.setProperty("newTokens", "" + experiment.newTokens());
    request.setProperty("generations", "" + experiment.generations());
    request.setProperty("requestsAtOnce", "" + experiment.requestsAtOnce());
    request.setProperty("perplexityText", ids(experiment.perplexityText()));
    config.forEach((key, value) -> request.setProperty(CONFIG + key, value));
    return request;
  }

  /** Creates a request to check whether the device accepts each value of these configs. */
  static Properties check(String device, List<Map<String, String>> configs) {
    Properties request = new Properties();
    request.setProperty("device", device);
    List<Map.Entry<String, String>> cells =
        configs.stream().flatMap(config -> config.entrySet().stream()).distinct().toList();
    request.setProperty("cells", "" + cells.size());
    for (int i = 0; i < cells.size(); i++) {
      request.setProperty("key." + i, cells.get(i).getKey());
      request.setProperty("value." + i, cells.get(i).getValue());
    }
    return request;
  }

  /** The values to check, in their order. */
  static List<Map<String, String>> cells(Properties request) {
    List<Map<String, String>> cells = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(request.getProperty("cells")); i++) {
      cells.add(Map.of(request.getProperty("key." + i), request.getProperty("value." + i)));
    }
    return cells;
  }

  static Map<String, String> config(Properties request) {
    return under(CONFIG, request);
  }

  static Properties answer(Measured measured) {
    Properties answer = new Properties();
    answer.setProperty("load", "" + measured.loadMillis());
    answer.setProperty("firstToken", "" + measured.firstTokenMillis());
    answer.setProperty("speed", "" + measured.tokensPerSecond());
    answer.setProperty("memory", "" + measured.peakMegabytes());
    answer.setProperty("perplexity", "" + measured.perplexity());
    answer.setProperty("answers", texts(measured.answers()));
    measured.effective().forEach((key, value) -> answer.setProperty(EFFECTIVE + key, value));
    return answer;
  }

  /**
   * @param keys keys whose effective values are wanted
   */
  static Measured measured(Properties answer, Set<String> keys) {
    Map<String, String> effective = under(EFFECTIVE, answer);
    effective.keySet().retainAll(keys);
    return new Measured(
        number(answer, "load"),
        number(answer, "firstToken"),
        number(answer, "speed"),
        number(answer, "memory"),
        number(answer, "perplexity"),
        texts(answer.getProperty("answers")),
        effective);
  }

  private static double number(Properties answer, String name) {
    return Double.parseDouble(answer.getProperty(name));
  }

  private static Map<String, String> under(String prefix, Properties properties) {
    Map<String, String> values = new TreeMap<>();
    properties.stringPropertyNames().stream()
        .filter(name -> name.startsWith(prefix))
        .forEach(name -> values.put(name.substring(prefix.length()), properties.getProperty(name)));
    return values;
  }

  /** Texts on one line, with a bar between two. */
  static String texts(List<TokenIds> texts) {
    return texts.stream().map(Request::ids).collect(joining("|"));
  }

  /** The texts of such a line. */
  static List<TokenIds> texts(String line) {
    return Arrays.stream(line.split("\\|", -1)).map(Request::ids).toList();
  }

  static String ids(TokenIds ids) {
    return ids.stream().mapToObj(Integer::toString).collect(joining(" "));
  }

  static TokenIds ids(String text) {
    return text.isBlank()
        ? TokenIds.of()
        : TokenIds.of(
            Arrays.stream(text.strip().split(" ", -1)).mapToInt(Integer::parseInt).toArray());
  }
}
