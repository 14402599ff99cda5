package dev.ovchat.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each module that the jar holds is the one that was built from the sources of its crate. */
class ModuleSourcesTest {
  private static final Path ROOT = Path.of("../..");
  private static final Path MODULES = Path.of("lib/ovchat/src/main/wasm");

  @ParameterizedTest
  @ValueSource(strings = {"chat-template", "grammar"})
  void theModuleIsThatOfItsSources(String crate) throws IOException {
    assertThat(now(ROOT, crate))
        .as("A source has changed, or the module: run scripts/build_module " + crate + ".")
        .isEqualTo(written(ROOT, crate));
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat-template", "grammar"})
  void whateverIsChangedShows(String crate, @TempDir Path copy) throws IOException {
    for (String file : now(ROOT, crate).keySet()) {
      Files.createDirectories(copy.resolve(file).getParent());
      Files.copy(ROOT.resolve(file), copy.resolve(file));
    }
    Files.copy(ROOT.resolve(digests(crate)), copy.resolve(digests(crate)));
    Map<String, String> written = written(copy, crate);
    assertThat(now(copy, crate)).isEqualTo(written);
    String folder = "lib/" + crate;
    for (String changed : List.of(folder + "/src/lib.rs", folder + "/Cargo.lock", module(crate))) {
      byte[] before = Files.readAllBytes(copy.resolve(changed));
      byte[] after = before.clone();
      after[after.length / 2]++;
      Files.write(copy.resolve(changed), after);
      assertThat(now(copy, crate)).as(changed).isNotEqualTo(written);
      Files.write(copy.resolve(changed), before);
    }
    Files.createDirectory(copy.resolve(folder + "/src/new"));
    Files.writeString(copy.resolve(folder + "/src/new/mod.rs"), "");
    assertThat(now(copy, crate)).isNotEqualTo(written);
  }

  private static String module(String crate) {
    return MODULES.resolve(crate.replace('-', '_') + ".wasm").toString();
  }

  private static Path digests(String crate) {
    return MODULES.resolve(crate.replace('-', '_') + ".sha256");
  }

  /** Digests by file, as sha256sum writes them. */
  private static Map<String, String> written(Path root, String crate) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    for (String line : Files.readAllLines(root.resolve(digests(crate)))) {
      String[] parts = line.split("  ", 2);
      digests.put(parts[1], parts[0]);
    }
    return digests;
  }

  private static Map<String, String> now(Path root, String crate) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    Path folder = Path.of("lib", crate);
    for (String name : List.of("Cargo.toml", "Cargo.lock", "compiler.sh")) {
      digests.put(folder.resolve(name).toString(), digest(root.resolve(folder).resolve(name)));
    }
    try (Stream<Path> sources = Files.walk(root.resolve(folder).resolve("src"))) {
      for (Path source : sources.filter(Files::isRegularFile).toList()) {
        digests.put(root.relativize(source).toString(), digest(source));
      }
    }
    digests.put(module(crate), digest(root.resolve(module(crate))));
    return digests;
  }

  private static String digest(Path file) throws IOException {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
