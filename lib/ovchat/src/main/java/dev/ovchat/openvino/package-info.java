/**
 * OpenVINO for Java: devices, compiled models and inference sessions.
 *
 * <p>This is the only package that sees the native library. Whatever it hands out is a plain Java
 * value, or a resource that is closed once and is freed even if nobody closes it.
 *
 * <p>The native runtime is looked for in the order that {@link
 * org.bytedeco.openvino.presets.NativeRuntime} documents.
 *
 * <pre>{@code
 * try (CompiledModel model =
 *     CompiledModel.compile(xml, Device.of("CPU"), Map.of("NUM_STREAMS", "1"))) {
 *   model.effectiveConfig();
 * }
 * }</pre>
 */
package dev.ovchat.openvino;
