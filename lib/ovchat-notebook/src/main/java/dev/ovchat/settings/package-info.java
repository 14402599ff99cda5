/**
 * The settings of a notebook: {@link dev.ovchat.settings.Settings} chooses the model, its
 * checkpoint and the devices, and says why.
 *
 * <pre>{@code
 * var settings = Settings.of(documentedDir, demoDir, demoCheckpoint);
 * var model = CausalLM.load(settings.exportedModelDir(), Device.firstAvailable(settings.devices()), Map.of());
 * }</pre>
 */
package dev.ovchat.settings;
