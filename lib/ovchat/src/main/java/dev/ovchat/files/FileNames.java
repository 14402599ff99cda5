package dev.ovchat.files;

/** Names of the files of a model, in a HuggingFace checkpoint and in a model directory. */
public final class FileNames {
  /** The architecture and its sizes. */
  public static final String CONFIG = "config.json";

  /** The model's default generation settings. */
  public static final String GENERATION_CONFIG = "generation_config.json";

  /** The tokenizer: vocabulary, merges and rules. */
  public static final String TOKENIZER = "tokenizer.json";

  /** Settings that transformers adds to the tokenizer; in older models the chat template, too. */
  public static final String TOKENIZER_CONFIG = "tokenizer_config.json";

  /** Special tokens by their role, as older versions of transformers wrote them. */
  public static final String SPECIAL_TOKENS_MAP = "special_tokens_map.json";

  /** Tokens added to the vocabulary, as older versions of transformers wrote them. */
  public static final String ADDED_TOKENS = "added_tokens.json";

  /** The chat template. */
  public static final String CHAT_TEMPLATE = "chat_template.jinja";

  /** The chat template of a processor, as older versions of transformers wrote it. */
  public static final String PROCESSOR_CHAT_TEMPLATE = "chat_template.json";

  /** The folder of further chat templates, such as {@code tool_use.jinja}. */
  public static final String ADDITIONAL_CHAT_TEMPLATES = "additional_chat_templates";

  /** The IR: the graph of an exported model. */
  public static final String IR = "openvino_model.xml";

  /** The weights of an exported model. */
  public static final String IR_WEIGHTS = "openvino_model.bin";

  /** The weights of a checkpoint in one file. */
  public static final String SAFETENSORS = "model.safetensors";

  /** Index of the weights of a checkpoint in several files. */
  public static final String SAFETENSORS_INDEX = "model.safetensors.index.json";

  private FileNames() {}
}
