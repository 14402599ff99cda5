package dev.ovchat.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ovchat.Slow;
import dev.ovchat.config.GenerationConfig;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.modeldir.ModelDirectory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What stands under the name of a file and is none, or has no end: at once one sentence names it,
 * for each name that is read or copied.
 */
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Slow
class StrangeFilesTest {
  private static final List<String> OF_BOTH =
      List.of(
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "chat_template.jinja");

  /** Linux takes a hundred letters for a socket's path. */
  @TempDir(factory = ShortFolder.class)
  Path folder;

  private Path checkpoint;

  /** Makes something of a name. */
  private enum Strange {
    DIRECTORY("it is no regular file.") {
      @Override
      void make(Path file) throws IOException {
        Files.createDirectory(file);
      }
    },
    PIPE("it is no regular file.") {
      @Override
      void make(Path file) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
      }
    },
    SOCKET("it is no regular file.") {
      @Override
      void make(Path file) throws IOException {
        try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
          socket.bind(UnixDomainSocketAddress.of(file)); // its name stays
        }
      }
    },
    ENDLESS_DEVICE("it is no regular file.") {
      @Override
      void make(Path file) throws IOException {
        Files.createSymbolicLink(file, Path.of("/dev/zero"));
      }
    },
    CIRCLE("a link leads back to itself.") {
      @Override
      void make(Path file) throws IOException {
        Files.createSymbolicLink(file, file);
      }
    },
    NOWHERE("it is a link to a file that is not there.") {
      @Override
      void make(Path file) throws IOException {
        Files.createSymbolicLink(file, Path.of("nowhere"));
      }
    },
    /** A terabyte without a byte on the disk. */
    HUGE(" bytes; a file of this name has at most ") {
      @Override
      void make(Path file) throws IOException {
        try (var huge = new RandomAccessFile(file.toFile(), "rw")) {
          huge.setLength(1L << 40);
        }
      }
    };

    private final String problem;

    Strange(String problem) {
      this.problem = problem;
    }

    abstract void make(Path file) throws IOException, InterruptedException;
  }

  static final class ShortFolder implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
        throws IOException {
      return Files.createTempDirectory(Path.of("/tmp"), "s");
    }
  }

  @BeforeEach
  void write() throws IOException {
    checkpoint = TinyCheckpoint.of("llama").writeTo(folder.resolve("c"));
  }

  static Stream<Arguments> ofCheckpoints() {
    return each(
        Stream.concat(
            OF_BOTH.stream(),
            Stream.of("added_tokens.json", "model.safetensors", "model.safetensors.index.json")));
  }

  static Stream<Arguments> ofModelDirectories() {
    return each(Stream.concat(OF_BOTH.stream(), Stream.of("openvino_model.xml")));
  }

  private static Stream<Arguments> each(Stream<String> names) {
    return names.flatMap(
        name ->
            Stream.of(Strange.values())
                .filter(what -> !(what == Strange.HUGE && name.equals("model.safetensors")))
                .map(what -> Arguments.of(name, what)));
  }

  @ParameterizedTest
  @MethodSource("ofCheckpoints")
  void inACheckpoint(String name, Strange what) throws Exception {
    Path file = replace(checkpoint.resolve(name), what);
    if (name.endsWith("index.json")) { // which is looked for where there is no single file
      Files.delete(checkpoint.resolve("model.safetensors"));
    }
    Path place = Files.createDirectory(folder.resolve("place"));
    assertRefused(file, what, () -> Export.of(checkpoint).groupSize(8).to(place.resolve("model")));
    assertThat(place).isEmptyDirectory();
  }

  @ParameterizedTest
  @MethodSource("ofModelDirectories")
  void inAModelDirectory(String name, Strange what) throws Exception {
    Path model = Export.of(checkpoint).groupSize(8).to(folder.resolve("m")).directory();
    Path file = replace(model.resolve(name), what);
    assertRefused(
        file,
        what,
        () -> {
          ModelDirectory directory = ModelDirectory.open(model);
          directory.config();
          GenerationConfig.of(directory);
          directory.graph();
          directory.tokenizer();
          directory.chatTemplates();
        });
  }

  private static Path replace(Path file, Strange what) throws IOException, InterruptedException {
    Files.deleteIfExists(file);
    what.make(file);
    return file;
  }

  private static void assertRefused(Path file, Strange what, Runnable reading) {
    Throwable refusal = catchThrowable(reading::run);
    assertThat(refusal).isInstanceOf(UnusableFileException.class);
    assertThat(refusal).hasMessageContaining(file.toString()).hasMessageContaining(what.problem);
  }

  @Test
  void anInterruptEndsTheReadingOfALargeFile() throws IOException {
    Path large = checkpoint.resolve("added_tokens.json");
    Files.writeString(large, " ".repeat(9_000_000) + "{}");
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Export.of(checkpoint).groupSize(8).to(folder.resolve("m")))
        .isInstanceOf(ExportException.class)
        .hasMessage("The export was interrupted; nothing is left of it.");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(folder.resolve("m")).doesNotExist();
  }
}
