package dev.ovchat.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** GGUF files of any content, for tests to export and to damage. */
public final class GgufBuilder {
  private static final int ALIGNMENT = 32;

  /**
   * A tensor.
   *
   * @param type ggml's number of the type
   * @param shape lengths of the axes, the last one fastest
   */
  record Tensor(String name, int type, List<Long> shape, ByteBuffer content) {
    int size() {
      return content.capacity();
    }
  }

  private final Map<String, Object> metadata = new LinkedHashMap<>();
  private final List<Tensor> tensors = new ArrayList<>();
  private int version = 3;

  /** Adds an entry: an Integer (u32), Long (u64), Float, Boolean, String, or a list of them. */
  public GgufBuilder with(String key, Object value) {
    metadata.put(key, value);
    return this;
  }

  public GgufBuilder without(String key) {
    metadata.remove(key);
    return this;
  }

  public GgufBuilder version(int number) {
    version = number;
    return this;
  }

  public GgufBuilder tensor(String name, int type, long[] shape, byte[] bytes) {
    tensors.add(
        new Tensor(name, type, Arrays.stream(shape).boxed().toList(), ByteBuffer.wrap(bytes)));
    return this;
  }

  /** Adds a tensor of F32. */
  public GgufBuilder floats(String name, long[] shape, float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return tensor(name, 0, shape, bytes.array());
  }

  public Map<String, Object> metadata() {
    return metadata;
  }

  public List<String> tensorNames() {
    return tensors.stream().map(Tensor::name).toList();
  }

  /** Leaves out the tensors of these names. */
  public GgufBuilder withoutTensors(List<String> names) {
    tensors.removeIf(tensor -> names.contains(tensor.name()));
    return this;
  }

  public Path writeTo(Path file) throws IOException {
    return Files.write(file, bytes());
  }

  public byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    put(out, "GGUF".getBytes(StandardCharsets.US_ASCII));
    put(out, number(version, 4));
    put(out, number(tensors.size(), 8));
    put(out, number(metadata.size(), 8));
    metadata.forEach(
        (key, value) -> {
          put(out, text(key));
          put(out, number(type(value), 4));
          put(out, value(value));
        });
    long offset = 0;
    for (Tensor tensor : tensors) {
      put(out, text(tensor.name()));
      put(out, number(tensor.shape().size(), 4));
      for (int axis = tensor.shape().size() - 1; axis >= 0; axis--) {
        put(out, number(tensor.shape().get(axis), 8));
      }
      put(out, number(tensor.type(), 4));
      put(out, number(offset, 8));
      offset += padded(tensor.size());
    }
    put(out, new byte[padded(out.size()) - out.size()]);
    for (Tensor tensor : tensors) {
      put(out, tensor.content().array());
      put(out, new byte[padded(tensor.size()) - tensor.size()]);
    }
    return out.toByteArray();
  }

  private static int padded(int size) {
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static void put(ByteArrayOutputStream out, byte[] bytes) {
    out.write(bytes, 0, bytes.length);
  }

  private static byte[] number(long value, int bytes) {
    byte[] number = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      number[i] = (byte) (value >>> (8 * i));
    }
    return number;
  }

  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return join(number(bytes.length, 8), bytes);
  }

  private static int type(Object value) {
    return value instanceof Integer
        ? 4
        : value instanceof Float
            ? 6
            : value instanceof Boolean
                ? 7
                : value instanceof String ? 8 : value instanceof List<?> ? 9 : 10;
  }

  private static byte[] value(Object value) {
    if (value instanceof List<?> list) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      put(out, number(list.isEmpty() ? 4 : type(list.get(0)), 4));
      put(out, number(list.size(), 8));
      list.forEach(each -> put(out, value(each)));
      return out.toByteArray();
    }
    return switch (type(value)) {
      case 4 -> number((Integer) value, 4);
      case 6 -> number(Float.floatToRawIntBits((Float) value), 4);
      case 7 -> number((Boolean) value ? 1 : 0, 1);
      case 8 -> text((String) value);
      default -> number((Long) value, 8);
    };
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
