package dev.ovchat.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.DemoModel;
import dev.ovchat.Slow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The way that a reader of the code walks from a prompt to the text, as lib/README.md has it. */
@Slow
@Timeout(900) // the other JVM may never end
class WalkTest {
  /** So many types a reader can keep in mind. A new one on this way needs another one to leave. */
  private static final int MOST_TYPES = 28;

  private static final Path README = Path.of("../README.md");
  private static final Pattern TYPE = Pattern.compile("`([A-Z]\\w+)`");

  @Test
  void aPlainGenerationPassesTheTypesThatTheReadmeNames() throws Exception {
    Set<String> passed =
        new CallTracer(PlainWalk.class, "walk")
            .run(jvmOptions(), List.of(DemoModel.DIRECTORY.toString()));
    String walk = walk();
    assertThat(simpleNames(passed)).isEqualTo(typesInTables(walk));
    assertThat(passed).hasSizeLessThanOrEqualTo(MOST_TYPES);
    assertThat(walk).contains("passes " + passed.size() + " types");
  }

  private static List<String> jvmOptions() {
    List<String> options = new ArrayList<>(List.of("-cp", System.getProperty("java.class.path")));
    for (String name : List.of("openvino.libs", "org.bytedeco.javacpp.cachedir")) {
      options.add("-D" + name + "=" + System.getProperty(name));
    }
    return options;
  }

  private static String walk() throws IOException {
    String readme = Files.readString(README);
    int from = readme.indexOf("## From a prompt to text");
    return readme.substring(from, readme.indexOf("\n## ", from));
  }

  private static Set<String> typesInTables(String text) {
    return text.lines()
        .filter(line -> line.startsWith("|"))
        .flatMap(line -> TYPE.matcher(line).results())
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> simpleNames(Set<String> types) {
    return types.stream()
        .map(type -> type.substring(type.lastIndexOf('.') + 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
