/**
 * A model directory, as {@code optimum-cli export openvino} and {@code dev.ovchat.export} write it:
 * which files it must hold, and what its configs say. Nothing in it is ever run.
 *
 * <pre>{@code
 * ModelDirectory directory = ModelDirectory.open(Path.of("model/demo/int4"));
 * directory.config().maxPositionEmbeddings();
 * }</pre>
 */
package dev.ovchat.modeldir;
