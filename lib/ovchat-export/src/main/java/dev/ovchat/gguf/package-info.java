/**
 * A model in a GGUF file, the format of llama.cpp, as an input of an export: its weights under
 * transformers' names, and the files beside them made of its metadata.
 *
 * <pre>{@code
 * try (GgufCheckpoint model = GgufCheckpoint.open(Path.of("SmolLM2-135M-Instruct.Q4_1.gguf"))) {
 *   GgufFiles.of(model).copy(directory, listener); // config.json, tokenizer.json, …
 *   CheckpointTensor query = model.get("model.layers.0.self_attn.q_proj.weight");
 * }
 * }</pre>
 */
package dev.ovchat.gguf;
