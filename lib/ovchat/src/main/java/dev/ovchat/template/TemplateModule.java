package dev.ovchat.template;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import run.endive.runtime.Instance;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.WasmModule;

/** The module that lib/chat-template is built to, started anew; it serves one request. */
final class TemplateModule {
  /** Data of the module; its code is in the classes that the build made of it. */
  private static final WasmModule MODULE = load();

  private static final int TEXT = 0;
  private static final int REFUSAL = 1;

  private final Instance instance =
      Instance.builder(MODULE).withMachineFactory(CompiledTemplateModuleMachine::new).build();

  private static WasmModule load() {
    try (InputStream in = TemplateModule.class.getResourceAsStream("CompiledTemplateModule.meta")) {
      return Parser.parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String render(String request) {
    try {
      byte[] bytes = request.getBytes(UTF_8);
      int address = (int) instance.export("allocate").apply(bytes.length)[0];
      instance.memory().write(address, bytes);
      return answer((int) instance.export("render").apply(address, bytes.length)[0]);
    } catch (WasmEngineException | StackOverflowError e) {
      throw new TemplateException(problem(e), e);
    }
  }

  /** Reads an answer: its kind, its length and the address of its text, four bytes each. */
  private String answer(int address) {
    int kind = instance.memory().readInt(address);
    int length = instance.memory().readInt(address + 4);
    var text = instance.memory().readString(instance.memory().readInt(address + 8), length, UTF_8);
    if (kind != TEXT) {
      throw new TemplateException(text, kind == REFUSAL);
    }
    return text;
  }

  /**
   * Reason of a failure. Most failures end at an instruction that is put where the module gives up.
   */
  private String problem(Throwable e) {
    if (instance.export("is_out_of_memory").apply()[0] != 0) {
      return "it takes more than 64 MB of memory";
    }
    return String.valueOf(e.getMessage()).contains("unreachable")
        ? "the template engine gave up on it"
        : "its parts, or the values it makes, are nested too deep";
  }
}
