/**
 * The settings of a notebook: {@link dev.ovchat.settings.Settings} chooses the model, its
 * checkpoint and the devices, and says why.
 *
 * <pre>{@code
 * var demo = ModelChoice.of("the demo model", "./model/demo/int4", "../environment/demo-model/checkpoint");
 * var settings = Settings.firstOf(demo);
 * var model = CausalLM.load(settings.exportedModelDir(), Device.firstAvailable(settings.devices()), Map.of());
 * }</pre>
 */
package dev.ovchat.settings;
