package dev.ovchat.experiment;

import dev.ovchat.text.TokenIds;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Figures of one run of a config. They are rounded to a thousandth: further digits are noise, and
 * rounded figures stay the same when they are written to a file and read again.
 *
 * @param loadMillis time to load and compile the model, in ms
 * @param firstTokenMillis time from the call to the first token, in ms, after the warm-up
 * @param tokensPerSecond tokens per second after the first token, after the warm-up
 * @param peakMegabytes peak resident memory of the run's process, in MB (10^6 bytes); NaN if the
 *     system does not report it
 * @param perplexity perplexity of the experiment's text; NaN if it has none
 * @param answers token ids of the completion of each prompt, up to and including its end token
 * @param effective effective values of the keys that the sweep sets, as far as they can be read
 */
record Measured(
    double loadMillis,
    double firstTokenMillis,
    double tokensPerSecond,
    double peakMegabytes,
    double perplexity,
    List<TokenIds> answers,
    Map<String, String> effective) {

  Measured {
    loadMillis = rounded(loadMillis);
    firstTokenMillis = rounded(firstTokenMillis);
    tokensPerSecond = rounded(tokensPerSecond);
    peakMegabytes = rounded(peakMegabytes);
    perplexity = rounded(perplexity);
    answers = List.copyOf(answers);
    effective = Collections.unmodifiableMap(new TreeMap<>(effective));
  }

  private static double rounded(double figure) {
    return Double.isNaN(figure) ? figure : Math.round(1000 * figure) / 1000.0;
  }
}
