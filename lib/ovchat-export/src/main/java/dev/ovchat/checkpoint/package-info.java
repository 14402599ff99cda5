/**
 * A model as it is published, the input of an export: the locations of its weights, their formats
 * ({@link dev.ovchat.checkpoint.BlockFormat} for quantized ones), and the files beside them. Here
 * are HuggingFace checkpoints with safetensors files, and LoRA adapters ({@link
 * dev.ovchat.checkpoint.Adapter}); {@code dev.ovchat.gguf} has GGUF files.
 *
 * <pre>{@code
 * try (CheckpointTensors tensors = CheckpointTensors.open(directory)) {
 *   CheckpointTensor head = tensors.get("lm_head.weight");
 *   ByteBuffer bytes = tensors.map(head, 0, (int) head.byteCount());
 * }
 * }</pre>
 */
package dev.ovchat.checkpoint;
