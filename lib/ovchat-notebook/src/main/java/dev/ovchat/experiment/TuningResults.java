package dev.ovchat.experiment;

import dev.ovchat.openvino.Device;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tech.tablesaw.api.Table;

/** Results of a tuning, also of one that was ended early. */
public final class TuningResults {
  private final Provenance provenance;
  private final Device device;
  private final double mostPerplexity;
  private final List<Candidate> candidates;
  private final Optional<String> problem;

  /**
   * @param provenance that of the baseline's runs
   * @param candidates the pairs, the baseline first
   */
  TuningResults(
      Provenance provenance,
      Device device,
      double mostPerplexity,
      List<Candidate> candidates,
      Optional<String> problem) {
    this.provenance = provenance;
    this.device = device;
    this.mostPerplexity = mostPerplexity;
    this.candidates = List.copyOf(candidates);
    this.problem = problem;
  }

  /**
   * A row for each pair of a format and a config: the baseline first, then those of the final, then
   * the others, each by their speed. Beside the columns of {@link Results#table}: the size of the
   * weights on the disk in MB, and the ratio of the perplexity to the baseline's. The bounds of the
   * speed-up are those of the final's rounds, for all its pairs at once with 95 %; a pair that was
   * not in the final has no bounds, and its speed-up is over the baseline's run beside it, not over
   * the baseline's row. Unknown values are missing.
   */
  public Table table() {
    return TuningTable.of(sorted(), baseline(), comparisons());
  }

  private List<Candidate> sorted() {
    var t = new StudentsT(comparisons());
    Comparator<Candidate> bySpeed =
        Comparator.comparing(Candidate::isInFinal)
            .thenComparing(
                it -> it.speedUpOver(baseline(), t).map(RatioInterval::ratio).orElse(0.0))
            .reversed();
    return Stream.concat(Stream.of(baseline()), candidates.stream().skip(1).sorted(bySpeed))
        .toList();
  }

  /**
   * The pair to take: the fastest one of the final within the bound on the perplexity, if it is for
   * certain 1.05 times as fast as the baseline; else the baseline.
   */
  public Tuned tuned() {
    Map<String, String> machine = new LinkedHashMap<>();
    Provenance.machine().keySet().forEach(key -> machine.put(key, provenance.values().get(key)));
    Candidate taken = best().orElse(baseline());
    return new Tuned(
        taken.directory(),
        device,
        taken.runs().config(),
        best().isPresent(),
        evidence(),
        machine,
        LocalDate.now(ZoneOffset.UTC).toString());
  }

  /** A report for those who were not there. */
  public TuningReport report() {
    return new TuningReport(
        tuned(), best().orElse(baseline()), baseline(), mostPerplexity, provenance, table());
  }

  /** The reason that runs are in memory only; empty if all of them are in their files. */
  public Optional<String> problem() {
    return problem;
  }

  private Candidate baseline() {
    return candidates.get(0);
  }

  private List<Candidate> others() {
    return candidates.stream().skip(1).filter(Candidate::isInFinal).toList();
  }

  private int comparisons() {
    return Math.max(1, others().size());
  }

  /** Candidates of the final within the bound, with their speed-up, the fastest first. */
  private List<Map.Entry<Candidate, RatioInterval>> ranking() {
    var t = new StudentsT(comparisons());
    return others().stream()
        .filter(it -> it.isEligible(baseline(), mostPerplexity))
        .flatMap(it -> it.speedUpOver(baseline(), t).map(ratio -> Map.entry(it, ratio)).stream())
        .sorted(Comparator.comparingDouble(it -> -it.getValue().ratio()))
        .toList();
  }

  private Optional<Candidate> best() {
    return ranking().stream()
        .filter(it -> it.getValue().lower() > Advisor.LEAST)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private String evidence() {
    if (baseline().counted().measured().isEmpty()) {
      return ("There is nothing to compare with: the baseline was not measured. "
              + baseline().reason())
          .strip();
    }
    if (others().isEmpty()) {
      return "There is nothing to compare: no other pair within the bound of %s on the perplexity was measured to the end."
          .formatted(mostPerplexity);
    }
    return best()
        .map(it -> "Take %s: %s.".formatted(it.label(), figures(it)))
        .orElseGet(
            () ->
                String.format(
                    Locale.ROOT,
                    "No difference found: no pair is for certain %.2f times as fast as the baseline.%s",
                    Advisor.LEAST,
                    ranking().stream()
                        .findFirst()
                        .map(
                            it ->
                                " The highest ratio is that of %s: %s."
                                    .formatted(it.getKey().label(), figures(it.getKey())))
                        .orElse("")));
  }

  private String figures(Candidate candidate) {
    RatioInterval speedUp =
        candidate.speedUpOver(baseline(), new StudentsT(comparisons())).orElseThrow();
    return String.format(
        Locale.ROOT,
        "%s. Its perplexity is %.3f times the baseline's, where %s is allowed",
        speedUp.inWords(baseline().label(), others().size(), "pair"),
        candidate.perplexityRatio(baseline()),
        mostPerplexity);
  }

  /** The pair to take, and the evidence for it. */
  @Override
  public String toString() {
    return evidence() + problem.map(reason -> " " + reason).orElse("");
  }
}
