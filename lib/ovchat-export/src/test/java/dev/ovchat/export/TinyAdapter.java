package dev.ovchat.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A LoRA adapter of random numbers in f32, whose parts a test may change. */
final class TinyAdapter {
  static final String CONFIG = "adapter_config.json";
  static final String WEIGHTS = "adapter_model.safetensors";
  static final String PREFIX = "base_model.model.";

  private final Map<String, String> config = new TreeMap<>();
  private final Map<String, long[]> tensors = new LinkedHashMap<>();
  private String type = "F32";
  private float largest = 1;

  private TinyAdapter() {}

  /** An adapter without layers, of rank 2 and alpha 4. */
  static TinyAdapter lora() {
    return new TinyAdapter().with("peft_type", "\"LORA\"").with("r", 2).with("lora_alpha", 4);
  }

  TinyAdapter with(String field, Object json) {
    config.put(field, json.toString());
    return this;
  }

  TinyAdapter without(String field) {
    config.remove(field);
    return this;
  }

  /** Adds a linear layer of rank 2. */
  TinyAdapter linear(String module, long rows, long columns) {
    return tensor(module + ".lora_A.weight", 2, columns).tensor(module + ".lora_B.weight", rows, 2);
  }

  /** Adds a tensor of the model, or replaces one. */
  TinyAdapter tensor(String name, long... shape) {
    tensors.put(PREFIX + name, shape);
    return this;
  }

  TinyAdapter withoutTensor(String name) {
    tensors.remove(PREFIX + name);
    return this;
  }

  /** Another type than F32; its bytes are the same. */
  TinyAdapter ofType(String other) {
    type = other;
    return this;
  }

  /** Numbers up to another size than 1. */
  TinyAdapter upTo(float size) {
    largest = size;
    return this;
  }

  Path writeTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve(CONFIG),
        config.entrySet().stream()
            .map(field -> "\"%s\": %s".formatted(field.getKey(), field.getValue()))
            .collect(Collectors.joining(", ", "{", "}")));
    StringBuilder header = new StringBuilder();
    long end = 0;
    for (Map.Entry<String, long[]> tensor : tensors.entrySet()) {
      long begin = end;
      end += 4 * Arrays.stream(tensor.getValue()).reduce(1, Math::multiplyExact);
      header
          .append(begin == 0 ? "{" : ",")
          .append("\"%s\":{\"dtype\":\"%s\",\"shape\":".formatted(tensor.getKey(), type))
          .append(Arrays.toString(tensor.getValue()))
          .append(String.format(Locale.ROOT, ",\"data_offsets\":[%d,%d]}", begin, end));
    }
    byte[] json = (end == 0 ? "{}" : header + "}").getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + json.length + (int) end).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json);
    Random random = new Random(3);
    while (file.hasRemaining()) {
      file.putFloat((random.nextFloat() - 0.5f) * 2 * largest);
    }
    Files.write(folder.resolve(WEIGHTS), file.array());
    return folder;
  }
}
