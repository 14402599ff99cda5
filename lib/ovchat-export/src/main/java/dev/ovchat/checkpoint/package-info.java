/**
 * A HuggingFace checkpoint, the input of an export: the locations of its weights in safetensors
 * files, and the files beside them.
 *
 * <pre>{@code
 * try (CheckpointTensors tensors = CheckpointTensors.open(directory)) {
 *   CheckpointTensor head = tensors.get("lm_head.weight");
 *   ByteBuffer bytes = tensors.map(head, 0, (int) head.byteCount());
 * }
 * }</pre>
 */
package dev.ovchat.checkpoint;
