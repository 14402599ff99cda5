package dev.ovchat.openvino;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.DemoModel;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.generate.CausalLM;
import dev.ovchat.text.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompileCacheTest {
  private static final Device CPU = Device.of("CPU");
  private static final TokenIds PROMPT = TokenIds.of(1979, 504, 433, 356, 1387);

  @TempDir Path folder;

  private static List<Path> blobs(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static TokenIds answer(Path directory, Map<String, String> config) {
    try (CausalLM model = CausalLM.load(directory, CPU, config)) {
      return model.generate(PROMPT, GenerationConfig.defaults().maxNewTokens(12)).ids();
    }
  }

  private static String loadedFromCache(Path xml, Map<String, String> config) {
    try (CompiledModel model = CompiledModel.compile(xml, CPU, config)) {
      return model.property("LOADED_FROM_CACHE").orElseThrow();
    }
  }

  @Test
  void whatWasCompiledBeforeIsLoaded() throws IOException {
    Map<String, String> config = CompileCache.in(folder.resolve("a/b")).config(DemoModel.ACCURATE);
    Path xml = DemoModel.DIRECTORY.resolve("openvino_model.xml");
    assertThat(loadedFromCache(xml, config)).isEqualTo("NO");
    assertThat(loadedFromCache(xml, config)).isEqualTo("YES");
    assertThat(blobs(folder.resolve("a/b"))).hasSize(1);
  }

  @Test
  void theAnswerIsTheSame() throws IOException {
    TokenIds expected = answer(DemoModel.DIRECTORY, DemoModel.ACCURATE);
    Map<String, String> config = CompileCache.in(folder).config(DemoModel.ACCURATE);
    assertThat(answer(DemoModel.DIRECTORY, config)).isEqualTo(expected);
    List<Path> first = blobs(folder);
    assertThat(answer(DemoModel.DIRECTORY, config)).isEqualTo(expected);
    assertThat(blobs(folder)).isEqualTo(first).isNotEmpty();
  }

  @Test
  void otherWeightsAreCompiledAnew() throws IOException {
    Map<String, String> config = CompileCache.in(folder).config(DemoModel.ACCURATE);
    Path directory = DemoModel.copyTo(folder.resolve("model"));
    TokenIds before = answer(directory, config);
    Path weights = directory.resolve("openvino_model.bin");
    FileTime time = Files.getLastModifiedTime(weights);
    byte[] bytes = Files.readAllBytes(weights);
    MatchResult largest = largestConstant(directory.resolve("openvino_model.xml"));
    int begin = Integer.parseInt(largest.group(1));
    for (int i = begin; i < begin + Integer.parseInt(largest.group(2)); i += 3) {
      bytes[i] ^= 0x11;
    }
    Files.write(weights, bytes);
    Files.setLastModifiedTime(weights, time);
    TokenIds expected = answer(directory, DemoModel.ACCURATE);
    assertThat(expected).isNotEqualTo(before);
    assertThat(answer(directory, config)).isEqualTo(expected);
  }

  private static MatchResult largestConstant(Path xml) throws IOException {
    return Pattern.compile("offset=\"(\\d+)\" size=\"(\\d+)\"")
        .matcher(Files.readString(xml))
        .results()
        .max(Comparator.comparingInt(constant -> Integer.parseInt(constant.group(2))))
        .orElseThrow();
  }

  /** Values that the compiled model depends on, and one that it does not. */
  @ParameterizedTest
  @CsvSource({
    "KV_CACHE_PRECISION,f16",
    "DYNAMIC_QUANTIZATION_GROUP_SIZE,64",
    "INFERENCE_NUM_THREADS,1"
  })
  void anotherConfigIsInForce(String key, String value) {
    CompileCache cache = CompileCache.in(folder);
    Path xml = DemoModel.DIRECTORY.resolve("openvino_model.xml");
    loadedFromCache(xml, cache.config(Map.of()));
    try (CompiledModel model = CompiledModel.compile(xml, CPU, cache.config(Map.of(key, value)))) {
      assertThat(model.property(key)).contains(value);
    }
  }

  @Test
  void aDamagedOneIsCompiledAnew() throws IOException {
    Map<String, String> config = CompileCache.in(folder).config(DemoModel.ACCURATE);
    TokenIds expected = answer(DemoModel.DIRECTORY, config);
    for (Path blob : blobs(folder)) {
      byte[] bytes = Files.readAllBytes(blob);
      Files.delete(blob);
      Files.write(blob, Arrays.copyOf(bytes, bytes.length / 2));
    }
    assertThat(answer(DemoModel.DIRECTORY, config)).isEqualTo(expected);
  }

  @Test
  void theOldestAreDeletedWhereThereIsTooMuch() throws IOException {
    for (int i = 0; i < 4; i++) {
      Path blob = Files.write(folder.resolve(i + ".blob"), new byte[1000]);
      Files.setLastModifiedTime(blob, FileTime.fromMillis(1_000_000L * (i + 1)));
    }
    Path other = Files.write(folder.resolve("mine.txt"), new byte[5000]);
    new CompileCache(folder, 2500).config(Map.of());
    assertThat(blobs(folder))
        .containsExactly(folder.resolve("2.blob"), folder.resolve("3.blob"), other);
  }

  @Test
  void theOtherKeysStay() {
    Map<String, String> config = Map.of("NUM_STREAMS", "1", "CACHE_DIR", "");
    assertThat(CompileCache.in(folder).config(config))
        .isEqualTo(Map.of("NUM_STREAMS", "1", "CACHE_DIR", folder.toString()));
  }

  @Test
  void aFolderThatCannotBeMadeIsSaid() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> CompileCache.in(file.resolve("cache")).config(Map.of()))
        .isInstanceOf(OpenVinoException.class)
        .hasMessage(
            "Compiled models cannot be kept in %s: there is %s already, which is no directory. Name a folder that you can write to.",
            file.resolve("cache"), file);
  }

  @Test
  void theFolderIsItsUsersAlone() throws IOException {
    Path own = folder.resolve("own");
    CompileCache.in(own).config(Map.of());
    assertThat(Files.getPosixFilePermissions(own)).hasSize(3);
  }
}
