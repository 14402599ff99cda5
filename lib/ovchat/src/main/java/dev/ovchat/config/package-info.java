/**
 * How to generate: the values of {@code generation_config.json} by their names in Java's case, each
 * checked when it is used, the model's own where the caller sets none.
 *
 * <pre>{@code
 * GenerationConfig.defaults().maxNewTokens(64).doSample(true).temperature(0.7)
 * }</pre>
 */
package dev.ovchat.config;
