package dev.ovchat.experiment;

import static j2html.TagCreator.body;
import static j2html.TagCreator.code;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.head;
import static j2html.TagCreator.li;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.style;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.title;
import static j2html.TagCreator.tr;
import static j2html.TagCreator.ul;
import static java.util.stream.Collectors.joining;

import j2html.TagCreator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;

/**
 * A tuning in words and figures, to send to somebody: what is advised and why, what was tried, on
 * which machine, and how to use it.
 */
public final class TuningReport {
  private static final String STYLE =
      """
      body { font-family: sans-serif; max-width: 70em; margin: 2em auto; padding: 0 1em }
      table { border-collapse: collapse } td, th { padding: 0.2em 0.6em; text-align: right }
      td:first-child, td:nth-child(2), td:last-child, th:first-child { text-align: left }
      tr { border-bottom: 1px solid #ccc } pre { background: #eee; padding: 0.6em }
      """;

  private final Tuned tuned;
  private final Candidate taken;
  private final Candidate baseline;
  private final double mostPerplexity;
  private final Provenance provenance;
  private final Table table;

  TuningReport(
      Tuned tuned,
      Candidate taken,
      Candidate baseline,
      double mostPerplexity,
      Provenance provenance,
      Table table) {
    this.tuned = tuned;
    this.taken = taken;
    this.baseline = baseline;
    this.mostPerplexity = mostPerplexity;
    this.provenance = provenance;
    this.table = table;
  }

  private String heading() {
    return "Tuning of " + tuned.modelDirectory().toAbsolutePath().getParent().getFileName();
  }

  /** Name and value, each on a line of its own. */
  private List<String> machine() {
    List<String> lines = new ArrayList<>();
    for (String name :
        List.of("CPU", "instruction sets", "threads", "device", "OpenVINO", "ovchat", "Java")) {
      lines.add(name + ": " + provenance.values().get(name));
    }
    lines.add("date: " + tuned.date());
    return lines;
  }

  private String method() {
    return """
        Each pair of a format and a config was run in a process of its own, on %s prompts (of %s \
        tokens), with %s new tokens each and %s at once. The baseline is %s (%s). A pair may have at \
        most %s times its perplexity (on a text of %s). A pair with bounds was in the final: several \
        rounds in random order, in each of which all pairs of the final ran once. The bounds of the \
        speed-up hold for all of these at once with 95 %%. The others ran once, which \
        proves nothing. "same texts" says for how many prompts the completion is the baseline's, \
        token by token."""
        .formatted(
            provenance.values().get("prompt tokens").split(" ", -1).length,
            provenance.values().get("prompt tokens").replace(" ", ", "),
            provenance.values().get("new tokens"),
            provenance.values().get("requests at once").equals("1")
                ? "1 request"
                : provenance.values().get("requests at once") + " requests",
            baseline.label(),
            ConfigText.of(baseline.runs().config()),
            mostPerplexity,
            provenance.values().get("perplexity text").replaceFirst(",.*", ""));
  }

  private String use() {
    String config =
        tuned.config().entrySet().stream()
            .map(entry -> "\"%s\", \"%s\"".formatted(entry.getKey(), entry.getValue()))
            .collect(joining(", "));
    return """
        %s.to(directory);
        var model = CausalLM.load(directory, new Device("%s"), Map.of(%s));"""
        .formatted(taken.format().java(), tuned.device(), config);
  }

  private List<String> row(int row) {
    return table.columns().stream().map(column -> column.getString(row)).toList();
  }

  private List<List<String>> rows() {
    return IntStream.range(0, table.rowCount()).mapToObj(this::row).toList();
  }

  /** The report as an HTML page, which refers to nothing outside it. */
  public String html() {
    return "<!DOCTYPE html>\n"
        + TagCreator.html(
                head(meta().withCharset("utf-8"), title(heading()), style(STYLE)),
                body(
                    h1(heading()),
                    h2("Advice"),
                    p(tuned.evidence()),
                    h2("How to use it"),
                    pre(code(use())),
                    h2("What was tried"),
                    table(
                        thead(tr(each(table.columnNames(), name -> th(name)))),
                        tbody(each(rows(), row -> tr(each(row, cell -> td(cell)))))),
                    p(method()),
                    h2("Machine"),
                    ul(each(machine(), line -> li(line)))))
            .withLang("en")
            .render()
        + "\n";
  }

  /** The report as Markdown. */
  public String markdown() {
    List<String> lines = new ArrayList<>();
    lines.add(line(table.columnNames()));
    lines.add(line(table.columnNames().stream().map(name -> "---").toList()));
    rows().forEach(row -> lines.add(line(row)));
    return """
        # %s

        ## Advice

        %s

        ## How to use it

        ```java
        %s
        ```

        ## What was tried

        %s

        %s

        ## Machine

        %s
        """
        .formatted(
            heading(),
            escaped(tuned.evidence()),
            use(),
            String.join("\n", lines),
            escaped(method()),
            machine().stream().map(line -> "- " + escaped(line)).collect(joining("\n")));
  }

  private static String line(List<String> cells) {
    return cells.stream().map(TuningReport::escaped).collect(joining(" | ", "| ", " |"));
  }

  /** A text without what Markdown takes for marks, on one line. */
  private static String escaped(String text) {
    return text.replaceAll("\\s+", " ").replaceAll("[\\\\`*_|<\\[]", "\\\\$0");
  }

  /**
   * Writes the report, as HTML or Markdown by the ending of the name.
   *
   * @param path a file that ends with {@code .html} or {@code .md}
   * @throws ExperimentException if it ends otherwise, or cannot be written
   */
  public void save(Path path) {
    if (path.toString().endsWith(".html")) {
      NewFile.write(path, html());
    } else if (path.toString().endsWith(".md")) {
      NewFile.write(path, markdown());
    } else {
      throw new ExperimentException(
          "Cannot write the report to %s: its name has to end with .html or .md.".formatted(path));
    }
  }

  /** The report as Markdown. */
  @Override
  public String toString() {
    return markdown();
  }
}
