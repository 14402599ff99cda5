package dev.ovchat.decoder;

import dev.ovchat.files.JsonFile;
import dev.ovchat.files.UnusableFileException;
import dev.ovchat.graph.Ops;
import dev.ovchat.graph.Port;

/** The activation of the feed-forward part. */
public enum Activation {
  /** x · sigmoid(x). */
  SILU {
    @Override
    public Port build(Ops ops, Port x) {
      return ops.swish(x);
    }
  },
  /** GELU, approximated with tanh. */
  GELU_TANH {
    @Override
    public Port build(Ops ops, Port x) {
      return ops.geluTanh(x);
    }
  };

  /**
   * Reads the activation that a field names.
   *
   * @throws UnusableFileException if it is not the one of the architecture
   */
  static Activation read(JsonFile json, String field, Activation known) {
    String name = known == SILU ? "silu" : "gelu_pytorch_tanh";
    String asked = json.text(field, name);
    if (!asked.equals(name)) {
      throw new UnusableFileException(
          "%s asks for the activation %s; the export from Java knows %s.%s"
              .formatted(json.path(), asked, name, DecoderConfig.OTHERWISE));
    }
    return known;
  }

  /** Adds the activation of each number. */
  public abstract Port build(Ops ops, Port x);
}
