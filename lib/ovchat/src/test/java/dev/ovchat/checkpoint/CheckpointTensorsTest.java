package dev.ovchat.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTensorsTest {
  @TempDir Path folder;

  private static byte[] file(String header, byte... weights) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + json.length + weights.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(weights)
        .array();
  }

  @Test
  void aPartOfATensorIsRead() throws IOException {
    Files.write(
        folder.resolve("model.safetensors"),
        file(
            "{\"a\":{\"dtype\":\"BF16\",\"shape\":[2,1],\"data_offsets\":[2,6]},"
                + "\"b\":{\"dtype\":\"F16\",\"shape\":[],\"data_offsets\":[0,2]}}",
            new byte[] {1, 2, 3, 4, 5, 6}));
    try (var tensors = CheckpointTensors.open(folder)) {
      CheckpointTensor a = tensors.get("a");
      assertThat(a.shape()).isEqualTo(List.of(2L, 1L));
      assertThat(tensors.map(a, 2, 2).getShort()).isEqualTo((short) 0x0605);
      assertThat(tensors.names()).containsExactly("b", "a");
    }
  }
}
