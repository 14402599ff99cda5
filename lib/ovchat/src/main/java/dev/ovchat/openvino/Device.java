package dev.ovchat.openvino;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A device that a model can be compiled for, by OpenVINO's own name.
 *
 * <ul>
 *   <li>physical: {@code CPU}, {@code GPU.0}, {@code NPU}, as {@link OpenVino#availableDevices()}
 *       lists them; {@code GPU} alone means the first GPU
 *   <li>virtual: {@code AUTO} (OpenVINO picks), {@code HETERO} (one model split over devices),
 *       {@code MULTI} (requests spread over devices), {@code BATCH} (requests gathered into
 *       batches); with devices after a colon, for instance {@code HETERO:GPU,CPU}, {@code
 *       BATCH:CPU(4)} or, all but one, {@code AUTO:-GPU}
 * </ul>
 *
 * @param name OpenVINO's name of it
 */
public record Device(String name) {
  private static final Set<String> VIRTUAL = Set.of("AUTO", "HETERO", "MULTI", "BATCH");

  /** Number of requests, as in BATCH:CPU(4). */
  private static final Pattern NUMBER_OF_REQUESTS = Pattern.compile("\\(\\d+\\)$");

  /** Devices on the CPU alone, such as CPU, HETERO:CPU or BATCH:CPU(4). */
  private static final Pattern ON_CPU = Pattern.compile("(\\w+:)?CPU(\\(\\d+\\))?");

  public Device {
    if (name == null || name.isBlank()) {
      throw new OpenVinoException("A device needs a name, one of " + choices() + ".");
    }
    name = name.strip();
  }

  /**
   * The device of that name.
   *
   * @throws OpenVinoException if it is not there; the message lists those that are
   */
  public static Device of(String name) {
    return firstAvailable(name);
  }

  /**
   * The first of these devices that is there: a list of wishes, best first.
   *
   * @throws OpenVinoException if none is there; the message lists those that are
   */
  public static Device firstAvailable(String... names) {
    return firstAvailable(Arrays.asList(names));
  }

  /** Same as {@link #firstAvailable(String...)}. */
  public static Device firstAvailable(List<String> names) {
    if (names.isEmpty()) {
      throw new OpenVinoException("The list of devices is empty; name one of " + choices() + ".");
    }
    List<String> available = OpenVino.availableDevices();
    return names.stream()
        .map(Device::new)
        .filter(device -> device.isAmong(available))
        .findFirst()
        .orElseThrow(
            () ->
                new OpenVinoException(
                    "No device %s on this machine; there is: %s. Name one of these."
                        .formatted(String.join(" or ", names), choices())));
  }

  /**
   * Returns whether OpenVINO sends one inference to one device and the next to another: MULTI, and
   * AUTO with the hint CUMULATIVE_THROUGHPUT, do so where they have several devices.
   */
  public boolean spreadsInferences(Map<String, String> config) {
    boolean spreads =
        name.startsWith("MULTI")
            || (name.startsWith("AUTO")
                && "CUMULATIVE_THROUGHPUT".equals(config.get("PERFORMANCE_HINT")));
    boolean single = name.contains(":") && !name.contains(",") && !name.contains(":-");
    return spreads && !single;
  }

  /** Returns whether it computes in the system's memory alone: a GPU or an NPU may have its own. */
  public boolean isInSystemMemory() {
    return ON_CPU.matcher(name).matches() || OpenVino.availableDevices().equals(List.of("CPU"));
  }

  /** Returns whether OpenVINO finds this device, or for a virtual one all those that it names. */
  public boolean isAvailable() {
    return isAmong(OpenVino.availableDevices());
  }

  private boolean isAmong(List<String> available) {
    int colon = name.indexOf(':');
    if (colon < 0) {
      // HETERO, MULTI and BATCH want to be told their devices.
      return name.equals("AUTO") || isPhysical(name, available);
    }
    return VIRTUAL.contains(name.substring(0, colon))
        && Arrays.stream(name.substring(colon + 1).split(",", -1))
            .map(part -> NUMBER_OF_REQUESTS.matcher(part.strip()).replaceAll(""))
            .allMatch(part -> part.startsWith("-") || isPhysical(part, available));
  }

  /**
   * OpenVINO lists a single GPU as GPU and knows it as GPU.0 too; with several, GPU is the first.
   */
  private static boolean isPhysical(String name, List<String> available) {
    return available.contains(name)
        || (name.equals("GPU.0") && available.contains("GPU"))
        || (name.equals("GPU") && available.contains("GPU.0"));
  }

  /** The devices to choose from, for messages. */
  static String choices() {
    return String.join(", ", OpenVino.availableDevices()) + ", AUTO, HETERO:…, MULTI:…, BATCH:…";
  }

  @Override
  public String toString() {
    return name;
  }
}
