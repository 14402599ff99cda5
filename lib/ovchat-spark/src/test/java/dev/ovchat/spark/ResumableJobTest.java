package dev.ovchat.spark;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ovchat.DemoModel;
import dev.ovchat.progress.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the folder is not generated again, and nothing is lost. */
class ResumableJobTest extends LocalSpark {
  @TempDir Path temporary;
  private Path folder;
  private final List<Progress> progress = new ArrayList<>();

  @BeforeEach
  void nameFolder() {
    folder = temporary.resolve("answers");
  }

  private Dataset<Row> generated(Dataset<Row> rows) {
    progress.clear();
    return onDemoModel(rows).generateTo(folder.toString(), "prompt", progress::add);
  }

  private static Map<String, String> answers(Dataset<Row> rows) {
    Map<String, String> answers = new HashMap<>();
    for (Row row : rows.collectAsList()) {
      assertThat(answers.put(row.getAs("prompt"), row.getAs("answer"))).isNull();
    }
    return answers;
  }

  private static Map<String, String> expected() {
    List<String> alone = alone(prompts(), GREEDY);
    Map<String, String> expected = new HashMap<>();
    for (int i = 0; i < alone.size(); i++) {
      expected.put(prompts().get(i), alone.get(i));
    }
    return expected;
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith("part-")).count();
    }
  }

  @Test
  void goesOnWithWhatIsMissing() throws IOException {
    List<String> all = prompts();
    generated(column("prompt", all.subList(0, 3)));
    long files = files();
    assertThat(progress.get(progress.size() - 1).done()).isEqualTo(3);

    Dataset<Row> rest = generated(column("prompt", all));
    assertThat(progress.get(progress.size() - 1).total()).isEqualTo(all.size() - 3);
    assertThat(answers(rest)).isEqualTo(expected());
    assertThat(files()).isGreaterThan(files);

    files = files();
    assertThat(answers(generated(column("prompt", all)))).isEqualTo(expected());
    assertThat(files()).isEqualTo(files);
    assertThat(progress).isEmpty();
  }

  @Test
  void aFileThatWasNotFinishedCountsForNothing() throws IOException {
    generated(column("prompt", prompts()));
    try (Stream<Path> files = Files.list(folder)) {
      Path part =
          files
              .filter(file -> file.getFileName().toString().startsWith("part-"))
              .findFirst()
              .orElseThrow();
      Files.move(part, folder.resolve("_unfinished").resolve("cut off"));
    }
    assertThat(answers(generated(column("prompt", prompts())))).isEqualTo(expected());
    assertThat(progress.get(0).total()).isPositive().isLessThan(QUESTIONS.size());
  }

  @Test
  void rowsThatFailedAreTriedAgain() throws IOException {
    Path model = temporary.resolve("model");
    Dataset<Row> rows = column("prompt", prompts());
    var job = onDemoModel(rows).model(model.toString());
    assertThat(
            job.generateTo(folder.toString(), "prompt", progress::add)
                .filter("error is null")
                .count())
        .isZero();
    DemoModel.copyTo(model);
    Dataset<Row> results = job.generateTo(folder.toString(), "prompt", progress::add);
    assertThat(results.filter("error is not null").count()).isZero();
    assertThat(answers(results)).isEqualTo(expected());
  }

  @Test
  void whatCannotBeGoneOnWithIsSaid() throws IOException {
    Dataset<Row> rows = column("prompt", prompts().subList(0, 2));
    generated(rows);
    assertThatThrownBy(
            () ->
                onDemoModel(rows)
                    .config(GREEDY.maxNewTokens(5))
                    .generateTo(folder.toString(), "prompt", progress::add))
        .isInstanceOf(DatasetException.class)
        .hasMessage(
            "file:"
                + folder
                + " holds results with another config: {maxNewTokens=40} there, {maxNewTokens=5} here. Name another folder, or go on with the same.");

    Path other = Files.createDirectory(temporary.resolve("other"));
    Files.writeString(other.resolve("thesis.txt"), "mine");
    assertThatThrownBy(
            () -> onDemoModel(rows).generateTo(other.toString(), "prompt", progress::add))
        .hasMessage(
            "file:"
                + other
                + " exists and holds no results of a job like this; name another folder.");
    Path file = other.resolve("thesis.txt");
    assertThatThrownBy(() -> onDemoModel(rows).generateTo(file.toString(), "prompt", progress::add))
        .hasMessage(
            "file:"
                + file
                + " exists and holds no results of a job like this; name another folder.");
    assertThatThrownBy(() -> onDemoModel(rows).generateTo("/proc/answers", "prompt", progress::add))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith("The results cannot be written to file:/proc/answers: ");
    assertThatThrownBy(
            () -> onDemoModel(rows).generateTo(folder + "/at 12:00", "prompt", progress::add))
        .hasMessage(
            "The folder's name file:"
                + folder
                + "/at 12:00 has one of the signs : * ? { } [ ] \\, which Hadoop does not take as such; name it without.");
    assertThatThrownBy(
            () -> onDemoModel(rows).generateTo(folder + "/run[1]", "prompt", progress::add))
        .hasMessageContaining("/run[1] has one of the signs");
    assertThatThrownBy( // its port is no colon of the name; there is no such host
            () ->
                onDemoModel(rows)
                    .generateTo("hdfs://no.host.invalid:8020/x", "prompt", progress::add))
        .isInstanceOf(DatasetException.class)
        .hasMessageNotContaining("signs");
  }

  @Test
  void keysTellTheRowsApart() {
    Dataset<Row> rows = column("prompt", prompts());
    assertThatThrownBy(() -> generated(rows.union(rows.limit(1))))
        .isInstanceOf(DatasetException.class)
        .hasMessageEndingWith(
            " in 2 rows; results are told apart by it, so each row needs its own.");
    Dataset<Row> keyed = rows.withColumn("id", lit(null).cast("int"));
    assertThatThrownBy(() -> onDemoModel(keyed).generateTo(folder.toString(), "id", progress::add))
        .hasMessage(
            "The key id is null in 7 rows; results are told apart by it, so each row needs its own.");
    assertThatThrownBy(
            () ->
                onDemoModel(rows.withColumn("id", lit(1.5)))
                    .generateTo(folder.toString(), "id", progress::add))
        .hasMessage("The key id is of type double; it has to be string, int or bigint.");
  }

  @Test
  void aKeyMayHaveAnyName() {
    for (String name : List.of("user.id", "rows", "a `key`")) {
      Path of = temporary.resolve("answers of " + name.charAt(0));
      Dataset<Row> rows =
          column("prompt", prompts()).withColumn(name, monotonically_increasing_id());
      for (int call = 0; call < 2; call++) {
        Dataset<Row> results = onDemoModel(rows).generateTo(of.toString(), name, progress::add);
        assertThat(results.columns()[0]).isEqualTo(name);
        assertThat(results.filter("answer is not null").count()).isEqualTo(QUESTIONS.size());
      }
    }
  }

  @Test
  void whatAListenerThrowsCostsNoAnswer() {
    Dataset<Row> rows = column("prompt", prompts());
    assertThatThrownBy(
            () ->
                onDemoModel(rows)
                    .generateTo(
                        folder.toString(),
                        "prompt",
                        told -> {
                          throw new IllegalStateException("mine");
                        }))
        .hasMessage("mine");
    assertThat(answers(generated(rows))).isEqualTo(expected());
    assertThat(progress).isEmpty();
  }

  @Test
  void aFolderWhoseDescriptionWasCutOffIsTaken() throws IOException {
    Files.createDirectories(folder.resolve("_unfinished"));
    Files.writeString(folder.resolve("_unfinished/_ovchat.json.1234"), "{");
    assertThat(answers(generated(column("prompt", prompts())))).isEqualTo(expected());
  }

  /** A disk of 256 kB, which only root can make. */
  @Test
  void aDiskThatIsFullCostsNoAnswer() throws IOException, InterruptedException {
    assumeThat(System.getProperty("user.name")).as("root mounts a disk").isEqualTo("root");
    Path disk = Files.createDirectory(temporary.resolve("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=256k", "none", disk.toString());
    try {
      folder = disk.resolve("answers");
      List<String> all = prompts();
      generated(column("prompt", all.subList(0, 3)));
      long files = files();
      Path filler = fill(disk);

      assertThatThrownBy(() -> generated(column("prompt", all)))
          .isInstanceOf(DatasetException.class)
          .hasMessageStartingWith(
              "The job was given up; what is written stays. The results cannot be written to file:"
                  + folder
                  + ": ")
          .hasMessageContaining("No space left on device")
          .hasMessageEndingWith(". Name a folder with room that all executors reach.");
      assertThat(files()).isEqualTo(files);
      try (Stream<Path> unfinished = Files.list(folder.resolve("_unfinished"))) {
        assertThat(unfinished).as("they would take the room that comes").isEmpty();
      }
      progress.clear();
      Path another = disk.resolve("another");
      assertThatThrownBy(
              () ->
                  onDemoModel(column("prompt", all))
                      .generateTo(another.toString(), "prompt", progress::add))
          .hasMessageStartingWith("The results cannot be written to file:" + another + ": ");
      assertThat(progress).isEmpty();

      Files.delete(filler);
      assertThat(answers(generated(column("prompt", all)))).isEqualTo(expected());
      assertThat(progress.get(0).total()).isEqualTo(all.size() - 3);
    } finally {
      run("umount", "--lazy", disk.toString()); // Spark may still have a file open
    }
  }

  /** Takes all the room that is left on a disk. */
  private static Path fill(Path disk) throws IOException {
    Path filler = disk.resolve("filler");
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(new byte[4096]);
      }
    } catch (IOException full) {
      assertThat(full).hasMessage("No space left on device");
    }
    return filler;
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }
}
