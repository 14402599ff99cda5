/**
 * Generation settings: the values of {@code generation_config.json} by their names in camelCase,
 * with the model's own where the caller sets none. The caller's are checked when they are set, the
 * model's when they are used.
 *
 * <pre>{@code
 * GenerationConfig.defaults().maxNewTokens(64).doSample(true).temperature(0.7)
 * }</pre>
 */
package dev.ovchat.config;
