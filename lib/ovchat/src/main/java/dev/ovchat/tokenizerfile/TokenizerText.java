package dev.ovchat.tokenizerfile;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Puts a {@code tokenizer.json} together. */
final class TokenizerText {
  private TokenizerText() {}

  /**
   * The whole as one text.
   *
   * @param parts all but the vocabulary and the merges
   * @param vocab the text of {@code model.vocab}, in pieces
   * @param merges that of {@code model.merges}; null if there are none
   */
  static String of(ObjectNode parts, List<String> vocab, List<String> merges) {
    ObjectNode rest = JsonNodeFactory.instance.objectNode().setAll(parts);
    String model = opened((ObjectNode) rest.remove("model"));
    List<String> pieces = new ArrayList<>();
    pieces.add(opened(rest) + "\"model\":" + model + "\"vocab\":");
    pieces.addAll(vocab);
    if (merges != null) {
      pieces.add(",\"merges\":");
      pieces.addAll(merges);
    }
    pieces.add("}}");
    return String.join("", pieces); // which copies them once
  }

  /** An object to which a field can be added. */
  private static String opened(ObjectNode object) {
    String json = object.toString();
    return json.substring(0, json.length() - 1) + (object.isEmpty() ? "" : ",");
  }
}
