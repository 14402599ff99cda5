package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.gguf.GgufBuilder;
import dev.ovchat.gguf.TinyGguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GGUF files that say the same in other ways, as older converters do, become the same model. */
class GgufVariantsTest {
  private static final String BIN = "openvino_model.bin";
  private static final String TYPE = "llama.rope.scaling.type";
  private static final String FACTOR = "llama.rope.scaling.factor";

  @TempDir private Path folder;

  private Path export(String name, GgufBuilder file) throws IOException {
    return Export.of(file.writeTo(folder.resolve(name + ".gguf")))
        .to(folder.resolve(name))
        .directory();
  }

  private static void assertEqual(Path one, Path other) {
    for (String file : List.of(BIN, "openvino_model.xml")) {
      assertThat(one.resolve(file)).hasSameBinaryContentAs(other.resolve(file));
    }
  }

  @Test
  void aFactorWithoutATypeIsLinear() throws IOException {
    Path named = export("named", TinyGguf.llama().with(TYPE, "linear").with(FACTOR, 4f));
    assertEqual(named, export("no-type", TinyGguf.llama().with(FACTOR, 4f)));
    assertEqual(named, export("old-key", TinyGguf.llama().with("llama.rope.scale_linear", 4f)));

    Path plain = export("plain", TinyGguf.llama());
    assertThat(Files.mismatch(named.resolve(BIN), plain.resolve(BIN))).isNotNegative();
    assertEqual(plain, export("by-1", TinyGguf.llama().with(FACTOR, 1f)));
    assertEqual(plain, export("by-0", TinyGguf.llama().with(TYPE, "linear").with(FACTOR, 0f)));
    assertEqual(plain, export("of-none", TinyGguf.llama().with(TYPE, "none").with(FACTOR, 4f)));
  }
}
