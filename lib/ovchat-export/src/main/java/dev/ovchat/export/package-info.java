/**
 * Export of a HuggingFace checkpoint or a GGUF file to a model directory: {@link
 * dev.ovchat.export.Export} makes it; {@link dev.ovchat.export.ExportCommand} is the documented
 * Python command, to be shown beside it.
 *
 * <pre>{@code
 * Export.of(Path.of("Phi-3-mini-4k-instruct")).weightFormat(WeightFormat.INT8).to(modelDir);
 * }</pre>
 *
 * <p>With adapters ({@link dev.ovchat.export.Adapters}) a matrix has weights that are the sum of
 * the checkpoint's and theirs, wherever they are read.
 *
 * <p>An export runs in five steps: the graph says which weights it needs ({@link
 * dev.ovchat.decoder.layers.DecoderGraph}); their precisions are chosen ({@link
 * dev.ovchat.export.Precisions}, or {@link dev.ovchat.export.OriginalFormats} where weights stay as
 * they are); the graph is built with the operations that restore them ({@link
 * dev.ovchat.export.StoredWeights}); the weights stream to their offsets in the file ({@link
 * dev.ovchat.export.WeightStream}); the directory gets its name ({@link
 * dev.ovchat.export.TargetDirectory}).
 */
package dev.ovchat.export;
