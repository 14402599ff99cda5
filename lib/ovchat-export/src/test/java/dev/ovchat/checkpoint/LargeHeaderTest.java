package dev.ovchat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.ovchat.Slow;
import dev.ovchat.files.StrictJson;
import dev.ovchat.files.UnusableFileException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Headers as long as they may be: what they take of memory is bounded, whatever stands in them. */
@Slow
class LargeHeaderTest {
  private static final Path FILE = Path.of("model.safetensors");
  private static final int LONGEST = 100_000_000;
  private static final long MB = 1_000_000;

  /** A start, one text again and again, and so much of it that the header has its full length. */
  private static InputStream header(String start, String repeated) {
    byte[] first = start.getBytes(StandardCharsets.UTF_8);
    byte[] again = repeated.repeat(1 + 8192 / repeated.length()).getBytes(StandardCharsets.UTF_8);
    byte[] length =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(LONGEST).array();
    Stream<InputStream> rest =
        Stream.generate(() -> (InputStream) new ByteArrayInputStream(again))
            .limit(LONGEST / again.length + 1);
    Stream<InputStream> all =
        Stream.concat(
            Stream.of(new ByteArrayInputStream(length), new ByteArrayInputStream(first)), rest);
    return new SequenceInputStream(Collections.enumeration(all.toList()));
  }

  /** All that was ever allocated: more than was needed at once. */
  private static long allocatedWhile(Runnable action) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    action.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  static Object[][] headers() {
    String tensor = "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,0],\"shape\":";
    return new Object[][] {
      {"{\"", "n"},
      {"{\"", "\\u0041"},
      {"{\"", "é"},
      {"{\"a\":{\"dtype\":\"", "x"},
      {tensor + "[0", ",1"},
      {tensor + "[", "9"},
      {"{\"a\":{\"x\":", "9"},
      {"{\"a\":{\"x\":0.", "9"},
      {"{\"a\":{\"x\":", "["},
      {"{\"a\":{\"x\":", "{\"x\":"},
      {"{\"a\":{\"x\":[0", ",[]"},
      {"{\"a\":{\"x\":\"", "y"},
      {"{\"__metadata__\":{\"a\":\"", "y"},
      {"{", " "},
      {"", "\0"},
      {"", "\uFEFF"},
    };
  }

  @ParameterizedTest
  @MethodSource("headers")
  void endlessTextsAreRefused(String start, String repeated) {
    InputStream in = header(start, repeated);
    long allocated =
        allocatedWhile(
            () ->
                assertThatThrownBy(() -> SafetensorsHeader.read(FILE, in, 2L * LONGEST))
                    .isInstanceOf(UnusableFileException.class)
                    .hasMessageStartingWith("model.safetensors: ")
                    .hasMessageEndingWith(StrictJson.AGAIN));
    assertThat(allocated).isLessThan(10 * MB);
  }

  @Test
  void tooManyTensorsAreRefused() {
    String header =
        IntStream.rangeClosed(0, 200_000)
            .mapToObj(i -> SafetensorsFixture.entry("n" + i, "F32", "[0]", 0, 0))
            .collect(Collectors.joining(",", "{", "}"));
    InputStream in = new ByteArrayInputStream(SafetensorsFixture.file(header, 0));
    long allocated =
        allocatedWhile(
            () ->
                assertThatThrownBy(() -> SafetensorsHeader.read(FILE, in, 2L * LONGEST))
                    .isInstanceOf(UnusableFileException.class)
                    .hasMessage(
                        "model.safetensors: its header names more than 200000 tensors"
                            + StrictJson.AGAIN));
    assertThat(allocated).isLessThan(300 * MB);
  }
}
