package dev.ovchat.openvino;

import static org.bytedeco.openvino.global.openvino.ov_available_devices_free;
import static org.bytedeco.openvino.global.openvino.ov_core_create;
import static org.bytedeco.openvino.global.openvino.ov_core_get_available_devices;
import static org.bytedeco.openvino.global.openvino.ov_core_get_property;
import static org.bytedeco.openvino.global.openvino.ov_get_openvino_version;
import static org.bytedeco.openvino.global.openvino.ov_version_free;

import dev.ovchat.system.NativeCache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openvino.ov_available_devices_t;
import org.bytedeco.openvino.ov_core_t;
import org.bytedeco.openvino.ov_version_t;
import org.bytedeco.openvino.presets.NativeRuntime;

/**
 * The OpenVINO runtime of this process: its version, the devices it finds, and their properties.
 *
 * <pre>{@code
 * OpenVino.version()                                // "2026.4.1-22982-..."
 * OpenVino.availableDevices()                       // [CPU]
 * OpenVino.property("CPU", "FULL_DEVICE_NAME")      // "Intel(R) Xeon(R) Processor"
 * }</pre>
 *
 * <p>The native library is loaded by the first call and stays loaded.
 */
public final class OpenVino {
  private static final String MEMORY_GUARD = "org.bytedeco.javacpp.maxphysicalbytes";
  private static final String JAVACPP_CACHE = "org.bytedeco.javacpp.cachedir";
  private static final Pattern VERSIONED =
      Pattern.compile("libopenvino_c\\.(?:so\\.)?(\\d\\d)(\\d)(\\d+)(?:\\.dylib)?");

  private static Started started;

  private OpenVino() {}

  /** The runtime's version and build, for instance {@code 2026.4.1-22982-0a6f7c6e09e}. */
  public static String version() {
    return start().version();
  }

  /**
   * The physical devices that OpenVINO finds, by its own names, for instance {@code [CPU, GPU.0]}.
   * The virtual ones (AUTO, HETERO, MULTI, BATCH) are not among them: see {@link Device}.
   */
  public static List<String> availableDevices() {
    ov_core_t core = core();
    try (var devices = new ov_available_devices_t()) {
      Status.check(
          ov_core_get_available_devices(core, devices), () -> "Cannot list OpenVINO's devices");
      try {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < devices.size(); i++) {
          names.add(devices.devices(i).getString());
        }
        return List.copyOf(names);
      } finally {
        ov_available_devices_free(devices);
      }
    }
  }

  /**
   * The value of a device's property, as OpenVINO writes it.
   *
   * @param device a device name, for instance {@code CPU}
   * @param key one of OpenVINO's property keys, for instance {@code FULL_DEVICE_NAME}
   * @throws OpenVinoException if the device or the property is unknown
   */
  public static String property(String device, String key) {
    ov_core_t core = core();
    try (BytePointer value = new BytePointer((Pointer) null)) {
      Status.check(
          ov_core_get_property(core, device, key, value),
          () -> "Cannot read property " + key + " of device " + device);
      return Status.takeString(value);
    }
  }

  static List<String> supportedProperties(String device) {
    return names(property(device, "SUPPORTED_PROPERTIES"));
  }

  /** The names in a list such as SUPPORTED_PROPERTIES, which come separated by spaces. */
  static List<String> names(String list) {
    return list.isBlank() ? List.of() : List.of(list.strip().split("\\s+", -1));
  }

  static ov_core_t core() {
    return start().core();
  }

  private record Started(String version, ov_core_t core) {}

  /** Loads the native library at the first call; tries again if that failed. */
  private static synchronized Started start() {
    if (started == null) {
      String needed = builtFor();
      load(needed);
      String version = readVersion();
      requireVersion(version.split("-", 2)[0], needed, version);
      ov_core_t core = new ov_core_t((Pointer) null);
      Status.check(ov_core_create(core), () -> "Cannot start OpenVINO");
      started = new Started(version, core);
    }
    return started;
  }

  private static void load(String needed) {
    // JavaCPP refuses to allocate when the process is larger than a multiple of the Java heap; a
    // model's weights always are.
    if (System.getProperty(MEMORY_GUARD) == null) {
      System.setProperty(MEMORY_GUARD, "0");
    }
    if (System.getProperty(JAVACPP_CACHE) == null) {
      NativeCache.of("javacpp").ifPresent(it -> System.setProperty(JAVACPP_CACHE, it.toString()));
    }
    try {
      // Looked for here first: inside a static initializer its sentence would be lost, and another
      // version would end as a missing library.
      Path library = NativeRuntime.locate();
      versionOf(library).ifPresent(found -> requireVersion(found, needed, found + ", " + library));
      Loader.load(org.bytedeco.openvino.global.openvino.class);
    } catch (LinkageError | UncheckedIOException e) {
      throw cannotLoad(
          needed,
          isWithoutJni(e)
              ? jniRemedy()
              : sentence(e.getMessage()) + foreignPlatforms() + " " + remedy(needed),
          e);
    } catch (IllegalStateException e) { // the jar with the libraries cannot be unpacked
      throw cannotLoad(needed, e.getMessage(), e);
    }
  }

  private static OpenVinoException cannotLoad(String needed, String why, Throwable cause) {
    return new OpenVinoException(
        "The OpenVINO runtime %s cannot be loaded. %s".formatted(needed, why), cause);
  }

  /** The first time, and each further time that the class is asked for. */
  private static boolean isWithoutJni(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .anyMatch(it -> String.valueOf(it.getMessage()).contains("no jniopenvino in "));
  }

  private static String jniRemedy() {
    return """
        The class path has no JNI library for %1$s. Depend on dev.ovchat:ovchat-platform, or on \
        dev.ovchat:openvino-preset with the classifier %1$s."""
        .formatted(Loader.getPlatform());
  }

  private static String foreignPlatforms() {
    List<String> platforms = NativeRuntime.foreignPlatforms();
    return platforms.isEmpty()
        ? ""
        : " The class path has libraries for %s, and this system is %s."
            .formatted(String.join(" and ", platforms), Loader.getPlatform());
  }

  private static String sentence(String message) {
    return message.endsWith(".") ? message : message + ".";
  }

  private static String remedy(String needed) {
    String own =
        System.getenv(NativeRuntime.VARIABLE) == null ? "Run" : "Unset OPENVINO_LIBS and run";
    return """
        %s ./scripts/setup, or install it with: pip install openvino==%s; \
        a program can depend on dev.ovchat:ovchat-platform, which brings it."""
        .formatted(own, needed);
  }

  /**
   * The version of a library. OpenVINO writes it into the file's name: libopenvino_c.so.2641 is of
   * 2026.4.1.
   */
  static Optional<String> versionOf(Path library) {
    try {
      Matcher name = VERSIONED.matcher(library.toRealPath().getFileName().toString());
      return name.matches()
          ? Optional.of("20%s.%s.%s".formatted(name.group(1), name.group(2), name.group(3)))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(library + " leads nowhere.", e);
    }
  }

  private static String readVersion() {
    try (var version = new ov_version_t()) {
      Status.check(ov_get_openvino_version(version), () -> "Cannot read OpenVINO's version");
      try {
        return version.buildNumber().getString();
      } finally {
        ov_version_free(version);
      }
    }
  }

  private static String builtFor() {
    Class<?> preset = org.bytedeco.openvino.presets.openvino.class;
    try (InputStream in = preset.getResourceAsStream("openvino.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new OpenVinoException("Cannot read the preset's openvino.properties", e);
    }
  }

  /**
   * Requires the version that ovchat was built for. The preset is linked with the library of one
   * version, by its name.
   */
  static void requireVersion(String found, String needed, String foundInFull) {
    if (!found.equals(needed)) {
      throw new OpenVinoException(
          """
          The OpenVINO runtime found is %s, but ovchat was built for %s. %s\
          """
              .formatted(foundInFull, needed, remedy(needed)));
    }
  }
}
