package dev.ovchat.template;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ovchat.sandbox.Sandbox;

/** The module that lib/chat-template is built to, started anew; it serves one request. */
final class TemplateModule {
  private static final int TEXT = 0;
  private static final int REFUSAL = 1;

  private final Sandbox sandbox = Sandbox.ofTemplates();

  String render(String request) {
    byte[] bytes = request.getBytes(UTF_8);
    return answer(sandbox.call("render", sandbox.put(bytes), bytes.length));
  }

  /** Reads an answer: its kind, its length and the address of its text, four bytes each. */
  private String answer(int address) {
    int kind = sandbox.number(address);
    int length = sandbox.number(address + 4);
    String text = sandbox.text(sandbox.number(address + 8), length);
    if (kind != TEXT) {
      throw new TemplateException(text, kind == REFUSAL);
    }
    return text;
  }
}
