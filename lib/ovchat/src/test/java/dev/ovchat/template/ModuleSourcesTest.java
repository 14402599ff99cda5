package dev.ovchat.template;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The module that the jar holds is the one that was built from the sources in lib/chat-template.
 */
class ModuleSourcesTest {
  private static final Path ROOT = Path.of("../..");
  private static final String CRATE = "lib/chat-template";
  private static final String MODULE = "lib/ovchat/src/main/wasm/chat_template.wasm";
  private static final String DIGESTS = "lib/ovchat/src/main/wasm/chat_template.sha256";

  @Test
  void theModuleIsThatOfItsSources() throws IOException {
    assertThat(now(ROOT))
        .as("A source has changed, or the module: run scripts/build_chat_template.")
        .isEqualTo(written(ROOT));
  }

  @Test
  void whateverIsChangedShows(@TempDir Path copy) throws IOException {
    for (String file : now(ROOT).keySet()) {
      Files.createDirectories(copy.resolve(file).getParent());
      Files.copy(ROOT.resolve(file), copy.resolve(file));
    }
    Files.copy(ROOT.resolve(DIGESTS), copy.resolve(DIGESTS));
    Map<String, String> written = written(copy);
    assertThat(now(copy)).isEqualTo(written);
    for (String changed : List.of(CRATE + "/src/lib.rs", CRATE + "/Cargo.lock", MODULE)) {
      byte[] before = Files.readAllBytes(copy.resolve(changed));
      byte[] after = before.clone();
      after[after.length / 2]++;
      Files.write(copy.resolve(changed), after);
      assertThat(now(copy)).as(changed).isNotEqualTo(written);
      Files.write(copy.resolve(changed), before);
    }
    Files.createDirectory(copy.resolve(CRATE + "/src/new"));
    Files.writeString(copy.resolve(CRATE + "/src/new/mod.rs"), "");
    assertThat(now(copy)).isNotEqualTo(written);
  }

  /** Digests by file, as sha256sum writes them. */
  private static Map<String, String> written(Path root) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    for (String line : Files.readAllLines(root.resolve(DIGESTS))) {
      String[] parts = line.split("  ", 2);
      digests.put(parts[1], parts[0]);
    }
    return digests;
  }

  private static Map<String, String> now(Path root) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    for (String name : List.of("Cargo.toml", "Cargo.lock", "compiler.sh")) {
      digests.put(CRATE + "/" + name, digest(root.resolve(CRATE).resolve(name)));
    }
    try (Stream<Path> sources = Files.walk(root.resolve(CRATE).resolve("src"))) {
      for (Path source : sources.filter(Files::isRegularFile).toList()) {
        digests.put(root.relativize(source).toString(), digest(source));
      }
    }
    digests.put(MODULE, digest(root.resolve(MODULE)));
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
