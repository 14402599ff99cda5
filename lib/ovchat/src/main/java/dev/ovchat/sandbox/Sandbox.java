package dev.ovchat.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ovchat.sandbox.SandboxException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.runtime.WasmInterruptedException;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/**
 * A module that was started anew, with memory of its own. For one thread at a time.
 *
 * <p>Each call throws a {@link SandboxException} if the module was ended.
 */
public final class Sandbox {
  /** Data of each module; its code is in the classes that the build made of it. */
  private static final class Templates {
    private static final WasmModule MODULE = load("CompiledTemplateModule.meta");
  }

  private static final class Grammars {
    private static final WasmModule MODULE = load("CompiledGrammarModule.meta");
  }

  private final Instance instance;

  private Sandbox(
      WasmModule module, Function<Instance, Machine> machine, HostFunction... functions) {
    instance =
        Instance.builder(module)
            .withImportValues(ImportValues.builder().addFunction(functions).build())
            .withMachineFactory(machine)
            .build();
  }

  /** The module that lib/chat-template is built to. */
  public static Sandbox ofTemplates() {
    return new Sandbox(Templates.MODULE, CompiledTemplateModuleMachine::new);
  }

  /**
   * The module that lib/grammar is built to.
   *
   * @param tokenizer gives the ids of a text, which the module asks for; no more than the text has
   *     bytes
   */
  public static Sandbox ofGrammars(Function<String, int[]> tokenizer) {
    return new Sandbox(Grammars.MODULE, CompiledGrammarModuleMachine::new, tokenize(tokenizer));
  }

  private static HostFunction tokenize(Function<String, int[]> tokenizer) {
    return new HostFunction(
        "host",
        "tokenize",
        FunctionType.of(List.of(ValType.I32, ValType.I32, ValType.I32), List.of(ValType.I32)),
        (instance, arguments) -> {
          int length = (int) arguments[1];
          String text = instance.memory().readString((int) arguments[0], length, UTF_8);
          int[] ids = tokenizer.apply(text);
          int count = Math.min(ids.length, length);
          for (int index = 0; index < count; index++) {
            instance.memory().writeI32((int) arguments[2] + Integer.BYTES * index, ids[index]);
          }
          return new long[] {count};
        });
  }

  private static WasmModule load(String resource) {
    try (InputStream in = Sandbox.class.getResourceAsStream(resource)) {
      return Parser.parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Calls a function of the module; 0 where it returns nothing. */
  public int call(String function, long... arguments) {
    try {
      long[] results = instance.export(function).apply(arguments);
      return results == null || results.length == 0 ? 0 : (int) results[0];
    } catch (WasmEngineException | StackOverflowError e) {
      throw new SandboxException(reason(e), e);
    }
  }

  /** Most failures end at an instruction that is put where a module gives up. */
  private Reason reason(Throwable e) {
    if (e instanceof WasmInterruptedException) {
      return Reason.INTERRUPTED;
    } else if (instance.export("is_out_of_memory").apply()[0] != 0) {
      return Reason.OUT_OF_MEMORY;
    }
    return String.valueOf(e.getMessage()).contains("unreachable")
        ? Reason.GAVE_UP
        : Reason.TOO_DEEP;
  }

  /** Copies bytes into memory that the module gives, and returns their address. */
  public int put(byte[] bytes) {
    int address = call("allocate", bytes.length);
    instance.memory().write(address, bytes);
    return address;
  }

  /** The four bytes at an address, as a number. */
  public int number(int address) {
    return instance.memory().readInt(address);
  }

  /** A copy of the bytes at an address. */
  public byte[] bytes(int address, int length) {
    return instance.memory().readBytes(address, length);
  }

  /** The text at an address, of so many bytes. */
  public String text(int address, int length) {
    return instance.memory().readString(address, length, UTF_8);
  }
}
