package dev.ovchat.openvino;

import static dev.ovchat.openvino.CompiledModel.utf8;
import static org.bytedeco.openvino.global.openvino.ov_compiled_model_free;
import static org.bytedeco.openvino.global.openvino.ov_core_compile_model_from_file_props;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openvino.ov_compiled_model_t;

/**
 * Asks OpenVINO whether it takes a config, without a model: a graph of one node is compiled with
 * it. What depends on the model shows only there.
 */
public final class ConfigCheck {
  /** y = relu(x). */
  private static final String GRAPH =
      """
      <?xml version="1.0"?>
      <net name="check" version="11">
        <layers>
          <layer id="0" name="x" type="Parameter" version="opset1">
            <data shape="1" element_type="f32"/>
            <output><port id="0" precision="FP32"><dim>1</dim></port></output>
          </layer>
          <layer id="1" name="y" type="ReLU" version="opset1">
            <input><port id="0" precision="FP32"><dim>1</dim></port></input>
            <output><port id="1" precision="FP32"><dim>1</dim></port></output>
          </layer>
          <layer id="2" name="z" type="Result" version="opset1">
            <input><port id="0" precision="FP32"><dim>1</dim></port></input>
          </layer>
        </layers>
        <edges>
          <edge from-layer="0" from-port="0" to-layer="1" to-port="0"/>
          <edge from-layer="1" from-port="1" to-layer="2" to-port="0"/>
        </edges>
      </net>
      """;

  private ConfigCheck() {}

  /**
   * The reason that OpenVINO refuses a config, and what to try instead; empty where it takes it.
   *
   * @throws OpenVinoException if a key or a value is not set, or no temporary file can be written
   */
  public static Optional<String> problem(Device device, Map<String, String> config) {
    CompiledModel.requireNoNulls(config);
    return TemporaryGraph.use(GRAPH, xml -> problem(xml, device, config));
  }

  private static Optional<String> problem(Path xml, Device device, Map<String, String> config) {
    ov_compiled_model_t model = new ov_compiled_model_t((Pointer) null);
    try (PointerScope scope = new PointerScope()) {
      int status =
          ov_core_compile_model_from_file_props(
              OpenVino.core(),
              utf8(xml.toString()),
              utf8(device.name()),
              config.size(),
              CompiledModel.properties(config),
              model);
      if (status != 0) {
        return Optional.of(CompiledModel.explained(Status.reason(status), device, config));
      }
      ov_compiled_model_free(model);
      return Optional.empty();
    }
  }
}
