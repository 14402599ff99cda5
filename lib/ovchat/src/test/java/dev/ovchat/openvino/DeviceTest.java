package dev.ovchat.openvino;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {

  @Test
  void everyMachineHasACpu() {
    assertThat(OpenVino.availableDevices()).contains("CPU");
    assertThat(OpenVino.property("CPU", "FULL_DEVICE_NAME")).isNotBlank();
  }

  @Test
  void takesTheFirstDeviceOfTheListThatIsThere() {
    assertThat(Device.firstAvailable("GPU.7", "CPU", "AUTO")).isEqualTo(new Device("CPU"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"CPU", "AUTO", "AUTO:CPU", "AUTO:-GPU", "HETERO:CPU", "MULTI:CPU", "BATCH:CPU(4)"})
  void knowsWhatIsThere(String name) {
    assertThat(Device.of(name).isAvailable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GPU.7", "cpu", "CPU.0", "MULTI", "MULTI:GPU.7,CPU", "HETRO:CPU", "CPU:"})
  void namesTheDevicesThereAreForOneThatIsNot(String name) {
    assertThat(new Device(name).isAvailable()).isFalse();
    assertThatThrownBy(() -> Device.of(name))
        .isInstanceOf(OpenVinoException.class)
        .hasMessageStartingWith("No device " + name + " on this machine; there is: CPU");
  }

  @Test
  void spacesAroundANameAreLeftOut() {
    assertThat(Device.of(" CPU ")).isEqualTo(new Device("CPU"));
  }

  @Test
  void anEmptyListOfDevicesIsRefused() {
    assertThatThrownBy(() -> Device.firstAvailable())
        .hasMessageStartingWith("The list of devices is empty; name one of CPU");
  }

  @Test
  void aDeviceNeedsAName() {
    assertThatThrownBy(() -> new Device(" ")).hasMessageContaining("A device needs a name");
  }

  @Test
  void anUnknownPropertyIsNamed() {
    assertThatThrownBy(() -> OpenVino.property("CPU", "NO_SUCH_KEY"))
        .isInstanceOf(OpenVinoException.class)
        .hasMessageContaining("NO_SUCH_KEY")
        .hasMessageNotContaining("Exception from");
  }
}
