package dev.ovchat.live;

import dev.ovchat.openvino.Device;
import dev.ovchat.openvino.OpenVino;
import dev.ovchat.openvino.OpenVinoException;
import dev.ovchat.widget.Dropdown;
import dev.ovchat.widget.Widget;
import java.util.ArrayList;
import java.util.List;

/** List of the devices that OpenVINO finds on this machine, to choose one from. */
public final class DevicePicker {
  private final Dropdown<Choice> list;

  private DevicePicker(List<Choice> choices, Choice chosen) {
    list = Dropdown.of(choices, chosen).description("Device");
    list.layout().width("max-content");
  }

  /** A device with what it is, as the list shows it. */
  private record Choice(Device device, String what) {
    static Choice of(Device device) {
      return new Choice(
          device, device.name().equals("AUTO") ? "OpenVINO chooses" : fullName(device));
    }

    @Override
    public String toString() {
      return what.isEmpty() ? device.name() : device + ": " + what;
    }
  }

  /**
   * Makes the list, in which this device is chosen at first.
   *
   * @param device one of the machine's, or a virtual one, which is then in the list, too
   */
  public static DevicePicker of(Device device) {
    List<Choice> choices = new ArrayList<>();
    OpenVino.availableDevices().forEach(name -> choices.add(Choice.of(new Device(name))));
    choices.add(Choice.of(new Device("AUTO")));
    Choice chosen = Choice.of(device);
    if (!choices.contains(chosen)) {
      choices.add(0, chosen);
    }
    return new DevicePicker(choices, chosen);
  }

  /** Name of the product; empty for a virtual device, which has none. */
  private static String fullName(Device device) {
    try {
      return OpenVino.property(device.name(), "FULL_DEVICE_NAME");
    } catch (OpenVinoException hasNone) {
      return "";
    }
  }

  /** The list, to be shown. */
  public Widget widget() {
    return list;
  }

  /** The device that is chosen. */
  public Device device() {
    return list.value().device();
  }
}
