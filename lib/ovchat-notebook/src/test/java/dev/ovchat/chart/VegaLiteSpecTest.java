package dev.ovchat.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VegaLiteSpecTest {
  private final VegaLiteSpec spec = VegaLiteSpec.read("bar.vl.json");

  @Test
  void whatIsPutInKeepsTheOrderOfTheFile() {
    List<String> names = List.copyOf(spec.fields().keySet());
    spec.put("height", 90);
    spec.put("layer/0/mark/color", "red");
    assertThat(spec.fields().keySet()).containsExactlyElementsOf(names);
    assertThat(spec.fields()).containsEntry("height", 90);
    assertThat(spec.at("layer/0/mark").fields()).isEqualTo(Map.of("type", "bar", "color", "red"));
  }

  @Test
  void aPathThatTheFileDoesNotHaveIsNamed() {
    assertThatThrownBy(() -> spec.put("layer/0/mark/colour", "red"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The specification has no layer/0/mark/colour.");
    assertThatThrownBy(() -> spec.remove("heigth")).hasMessageContaining("no heigth.");
  }

  @Test
  void aCopyChangesAlone() {
    VegaLiteSpec copy = spec.copy();
    copy.put("layer/0/mark/color", "red");
    copy.remove("encoding/yOffset");
    copy.removeFirst("encoding/tooltip");
    assertThat(spec).isEqualTo(VegaLiteSpec.read("bar.vl.json")).isNotEqualTo(copy);
  }
}
