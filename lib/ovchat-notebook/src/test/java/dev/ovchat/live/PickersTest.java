package dev.ovchat.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ovchat.DemoModel;
import dev.ovchat.openvino.Device;
import dev.ovchat.openvino.OpenVino;
import dev.ovchat.widget.Page;
import dev.ovchat.widget.Widgets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models and devices chosen from what is there. */
class PickersTest {
  private final Page page = new Page();
  @TempDir Path folder;

  @BeforeEach
  void connect() {
    Widgets.connect(page);
  }

  @Test
  void theDevicesAreThoseOfThisMachine() {
    DevicePicker picker = DevicePicker.of(Device.of("CPU"));
    picker.widget().view();
    assertThat(picker.device()).isEqualTo(Device.of("CPU"));
    assertThat(picker.widget())
        .hasToString("Device: CPU: " + OpenVino.property("CPU", "FULL_DEVICE_NAME"));
    page.update(picker.widget(), "index", OpenVino.availableDevices().size());
    assertThat(picker.device()).isEqualTo(new Device("AUTO"));
    assertThat(picker.widget()).hasToString("Device: AUTO: OpenVINO chooses");
  }

  @Test
  void aVirtualDeviceIsOneToChoose() {
    DevicePicker picker = DevicePicker.of(Device.of("HETERO:CPU"));
    picker.widget().view();
    assertThat(picker.device()).isEqualTo(new Device("HETERO:CPU"));
    page.update(picker.widget(), "index", 1);
    assertThat(picker.device().name()).isEqualTo(OpenVino.availableDevices().get(0));
  }

  @Test
  void modelsAreFoundBelowAFolder() throws IOException {
    Path small = DemoModel.copyTo(folder.resolve("small/int4"));
    DemoModel.copyTo(folder.resolve("small/.int8"));
    Files.createDirectories(folder.resolve("half/int4"));
    Files.copy(small.resolve("config.json"), folder.resolve("half/int4/config.json"));
    Files.createSymbolicLink(folder.resolve("linked"), small.getParent());
    ModelPicker picker = ModelPicker.of(folder, folder.resolve("small/../small/int4"));
    picker.widget().view();
    assertThat(page.opened(picker.widget(), "_options_labels"))
        .isEqualTo(List.of("linked/int4", "small/int4"));
    assertThat(picker.widget()).hasToString("Model: small/int4");
    page.update(picker.widget(), "index", 0);
    assertThat(picker.modelDir()).isEqualTo(folder.resolve("linked/int4"));
  }

  @Test
  void aModelFromElsewhereStaysAsItIsNamed() {
    ModelPicker picker = ModelPicker.of(folder.resolve("none"), DemoModel.DIRECTORY);
    assertThat(picker.modelDir()).isEqualTo(DemoModel.DIRECTORY);
    assertThat(picker.widget()).hasToString("Model: " + DemoModel.DIRECTORY);
  }
}
