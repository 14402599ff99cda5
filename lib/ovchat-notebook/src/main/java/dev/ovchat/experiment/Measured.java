package dev.ovchat.experiment;

import dev.ovchat.text.TokenIds;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one run of a config gave. Figures are rounded to a thousandth: what is beyond is noise, and
 * they are the same before they are written to a file and after.
 *
 * @param loadMillis loading and compiling the model, in ms
 * @param firstTokenMillis from the call to the first token, in ms, warm
 * @param tokensPerSecond after the first token, warm
 * @param peakMegabytes the most memory that the run's process had, in MB (10^6 bytes); NaN where
 *     the system does not say
 * @param answer the ids of the answer, up to its end token
 * @param effective the values in force of the keys that the sweep sets, as far as they can be read
 */
record Measured(
    double loadMillis,
    double firstTokenMillis,
    double tokensPerSecond,
    double peakMegabytes,
    TokenIds answer,
    Map<String, String> effective) {

  Measured {
    loadMillis = rounded(loadMillis);
    firstTokenMillis = rounded(firstTokenMillis);
    tokensPerSecond = rounded(tokensPerSecond);
    peakMegabytes = rounded(peakMegabytes);
    effective = Collections.unmodifiableMap(new TreeMap<>(effective));
  }

  private static double rounded(double figure) {
    return Double.isNaN(figure) ? figure : Math.round(1000 * figure) / 1000.0;
  }
}
