package dev.ovchat.openvino;

import static org.bytedeco.openvino.global.openvino.ov_compiled_model_create_infer_request;
import static org.bytedeco.openvino.global.openvino.ov_compiled_model_free;
import static org.bytedeco.openvino.global.openvino.ov_compiled_model_get_property;
import static org.bytedeco.openvino.global.openvino.ov_compiled_model_input_by_index;
import static org.bytedeco.openvino.global.openvino.ov_compiled_model_inputs_size;
import static org.bytedeco.openvino.global.openvino.ov_core_compile_model_from_file_props;
import static org.bytedeco.openvino.global.openvino.ov_output_const_port_free;
import static org.bytedeco.openvino.global.openvino.ov_port_get_any_name;

import dev.ovchat.system.NativeHandle;
import dev.ovchat.system.SystemMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.openvino.ov_compiled_model_t;
import org.bytedeco.openvino.ov_core_t;
import org.bytedeco.openvino.ov_infer_request_t;
import org.bytedeco.openvino.ov_output_const_port_t;
import org.bytedeco.openvino.ov_property_t;

/**
 * A model that OpenVINO has read and compiled for a device.
 *
 * <pre>{@code
 * var config = Map.of("PERFORMANCE_HINT", "LATENCY", "NUM_STREAMS", "1", "CACHE_DIR", "");
 * try (var model = CompiledModel.compile(xml, Device.of("CPU"), config);
 *      var session = model.newSession()) {
 *   …
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads. Closing it twice does no harm; sessions that are still open
 * keep what they need and go on working.
 */
public final class CompiledModel implements AutoCloseable {
  private static final AtomicBoolean COMPILED_BEFORE = new AtomicBoolean();

  private final Device device;
  private final List<String> inputNames;
  private final NativeHandle<ov_compiled_model_t> handle;

  private CompiledModel(Device device, ov_compiled_model_t model) {
    this.device = device;
    this.handle = new NativeHandle<>(this, "model", model, p -> ov_compiled_model_free(p));
    this.inputNames = readInputNames();
  }

  /**
   * Reads and compiles a model.
   *
   * <p>Models that nobody refers to any more are freed first. One that a variable still holds is
   * not among them: close it, or both are in memory for a while.
   *
   * @param xml the model's IR file; its weights lie beside it, in a file ending in .bin
   * @param config OpenVINO's own property keys and values, any number of them; all go to the plugin
   *     as they are
   * @throws OpenVinoException if the device, a key or a value is unknown, or a file is not readable
   */
  public static CompiledModel compile(Path xml, Device device, Map<String, String> config) {
    return compile(
        xml,
        device,
        config,
        (core, properties, model) ->
            ov_core_compile_model_from_file_props(
                core, utf8(xml.toString()), utf8(device.name()), config.size(), properties, model));
  }

  /**
   * Compiles another graph on the weights of a model.
   *
   * @param xml the model's IR file, which is not read; its weights lie beside it
   * @param graph the text of the IR to take instead
   * @param config same as above
   * @throws OpenVinoException as above
   */
  public static CompiledModel compile(
      Path xml, String graph, Device device, Map<String, String> config) {
    return compile(xml, new EditedGraph(graph, weights(xml), false), device, config);
  }

  /**
   * Compiles another graph on the weights of a model, with paged attention: its KV cache is not a
   * state of a session, but lies in {@link CacheBlocks}. Its inputs then are those that {@link
   * PagedAttention} names.
   *
   * @param graph as above; the graph of a causal language model with a cache
   * @throws OpenVinoException as above, and if the attention cannot be paged
   */
  public static CompiledModel compilePaged(
      Path xml, String graph, Device device, Map<String, String> config) {
    PagedAttention.require(device);
    return compile(xml, new EditedGraph(graph, weights(xml), true), device, config);
  }

  private static CompiledModel compile(
      Path xml, EditedGraph edited, Device device, Map<String, String> config) {
    return compile(
        xml,
        device,
        config,
        (core, properties, model) -> edited.compile(core, device, config, properties, model));
  }

  /** One of OpenVINO's ways to compile; gives its status. */
  @FunctionalInterface
  private interface Compilation {
    int run(ov_core_t core, ov_property_t properties, ov_compiled_model_t model);
  }

  private static CompiledModel compile(
      Path xml, Device device, Map<String, String> config, Compilation compilation) {
    requireNoNulls(config);
    ov_core_t core = OpenVino.core();
    if (COMPILED_BEFORE.getAndSet(true)) { // else there is nothing to free, and the first is quick
      NativeHandle.releaseUnreachable();
    }
    requireMemory(weights(xml), device);
    ov_compiled_model_t model = new ov_compiled_model_t((Pointer) null);
    try (PointerScope scope = new PointerScope()) {
      int status = compilation.run(core, properties(config), model);
      if (status != 0) {
        throw refused(xml, device, config, Status.reason(status));
      }
    }
    return new CompiledModel(device, model);
  }

  static Path weights(Path xml) {
    return Path.of(xml.toString().replaceFirst("\\.xml$", ".bin"));
  }

  /**
   * Requires memory for the weights. OpenVINO does not check: the system would end the process in
   * the middle of the load.
   */
  private static void requireMemory(Path weights, Device device) {
    OptionalLong free = SystemMemory.here().free();
    try {
      // A GPU or NPU may bring memory of its own; a missing file is for OpenVINO to name.
      if (free.isPresent() && device.isInSystemMemory() && Files.exists(weights)) {
        requireMemory(weights, Files.size(weights), free.getAsLong());
      }
    } catch (IOException e) {
      throw new OpenVinoException("Cannot read " + weights + ": " + e.getMessage() + ".", e);
    }
  }

  private static void requireMemory(Path weights, long needed, long free) {
    if (needed > free) {
      throw new OpenVinoException(
          """
          The weights %s take %s, but only %s of memory are free. \
          Close other programs and models, or export the model with a smaller weight format."""
              .formatted(weights, SystemMemory.readable(needed), SystemMemory.readable(free)));
    }
  }

  private static OpenVinoException refused(
      Path xml, Device device, Map<String, String> config, String reason) {
    return new OpenVinoException(
        "Cannot compile %s for %s: %s".formatted(xml, device, explained(reason, device, config)));
  }

  /** OpenVINO's reason, and what to do. */
  static String explained(String reason, Device device, Map<String, String> config) {
    String advice =
        device.isAvailable()
            ? ConfigAdvice.on(reason, device, config)
            : " The devices there are: " + Device.choices() + ".";
    return sentence(reason, config) + advice;
  }

  private static String sentence(String reason, Map<String, String> config) {
    if (reason.chars().noneMatch(Character::isLetter)) { // AUTO keeps the reason to itself
      return "OpenVINO gives no reason. The config is %s; a single device, such as CPU, says more."
          .formatted(config);
    }
    return reason.endsWith(".") || reason.endsWith("!") ? reason : reason + ".";
  }

  static void requireNoNulls(Map<String, String> config) {
    config.forEach(
        (key, value) -> {
          if (key == null || value == null) {
            throw new OpenVinoException(
                "The config has %s=%s; keys and values are texts.".formatted(key, value));
          }
        });
  }

  /** The device that this model was compiled for. */
  public Device device() {
    return device;
  }

  /** The names of the model's inputs, in the model's order. */
  public List<String> inputNames() {
    return inputNames;
  }

  /** Tests whether its attention is paged, see {@link PagedAttention}. */
  public boolean isPaged() {
    return inputNames.contains(PagedAttention.BLOCK_INDICES);
  }

  /**
   * Properties of the compiled model with the values that are in force, by key: those that were
   * set, and those that the plugin chose. Keys that cannot be read are left out.
   */
  public Map<String, String> effectiveConfig() {
    Map<String, String> values = new TreeMap<>();
    String supported = property("SUPPORTED_PROPERTIES").orElse("");
    for (String key : OpenVino.names(supported)) {
      if (!key.equals("SUPPORTED_PROPERTIES")) {
        property(key).ifPresent(value -> values.put(key, value));
      }
    }
    return Collections.unmodifiableMap(values);
  }

  /** The value in force of one property; empty where OpenVINO cannot read it. */
  public synchronized Optional<String> property(String key) {
    try (BytePointer value = new BytePointer((Pointer) null)) {
      int status = ov_compiled_model_get_property(handle.pointer(), key, value);
      return status == 0 ? Optional.of(Status.takeString(value)) : Optional.empty();
    }
  }

  /**
   * Refuses work on a closed model.
   *
   * @throws IllegalStateException if the model is closed
   */
  public synchronized void requireOpen() {
    handle.pointer();
  }

  /**
   * Creates a session on this model, with an empty KV cache.
   *
   * @throws IllegalStateException if the model is closed
   */
  public synchronized InferenceSession newSession() {
    ov_infer_request_t request = new ov_infer_request_t((Pointer) null);
    Status.check(
        ov_compiled_model_create_infer_request(handle.pointer(), request),
        () -> "Cannot create an inference session on " + device);
    return new InferenceSession(request);
  }

  /**
   * Creates the KV cache of a session on a model with paged attention.
   *
   * @throws IllegalStateException if the model is closed
   */
  public synchronized CacheBlocks newCacheBlocks(InferenceSession session) {
    List<CacheTensor> tensors = new ArrayList<>();
    try {
      for (String name : inputNames) {
        if (CacheBlocks.isCache(name)) {
          tensors.add(new CacheTensor(session, name, handle.pointer()));
        }
      }
      return new CacheBlocks(tensors);
    } catch (RuntimeException | Error e) {
      tensors.forEach(CacheTensor::close);
      throw e;
    }
  }

  @Override
  public synchronized void close() {
    handle.close();
  }

  private synchronized List<String> readInputNames() {
    try (SizeTPointer size = new SizeTPointer(1)) {
      Status.check(
          ov_compiled_model_inputs_size(handle.pointer(), size), () -> "Cannot count the inputs");
      List<String> names = new ArrayList<>();
      for (long i = 0; i < size.get(); i++) {
        names.add(readInputName(i));
      }
      return List.copyOf(names);
    }
  }

  private String readInputName(long index) {
    ov_output_const_port_t port = new ov_output_const_port_t((Pointer) null);
    Status.check(
        ov_compiled_model_input_by_index(handle.pointer(), index, port),
        () -> "Cannot read input " + index);
    try (BytePointer name = new BytePointer((Pointer) null)) {
      Status.check(ov_port_get_any_name(port, name), () -> "Input " + index + " has no name");
      return Status.takeString(name);
    } finally {
      ov_output_const_port_free(port);
    }
  }

  /** Native key-value pairs; they live as long as the caller's pointer scope. */
  static ov_property_t properties(Map<String, String> config) {
    ov_property_t pairs = new ov_property_t(Math.max(1, config.size()));
    long i = 0;
    for (var entry : config.entrySet()) {
      pairs.position(i++).key(utf8(entry.getKey())).value(utf8(entry.getValue()));
    }
    return pairs.position(0);
  }

  static BytePointer utf8(String text) {
    return new BytePointer(text, StandardCharsets.UTF_8);
  }
}
