package dev.ovchat.grammar;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ovchat.sandbox.Sandbox;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The functions of lib/grammar, started with a model's tokens. Grammars and answers have numbers.
 * For one thread at a time.
 */
final class GrammarModule {
  private final Sandbox sandbox;

  /**
   * @param count the number of tokens
   */
  GrammarModule(Tokenizer tokenizer, int count) {
    sandbox = Sandbox.ofGrammars(new ContinuedText(tokenizer));
    byte[] tokens = TokenTable.of(tokenizer, count);
    sandbox.call("start", sandbox.put(tokens), tokens.length);
  }

  /**
   * Compiles a grammar.
   *
   * @throws GrammarException if it is refused; the message is a part of a sentence
   */
  int compile(ResponseFormat format) {
    byte[] text = format.supportedText().getBytes(UTF_8);
    int grammar = sandbox.call("compile", format.kind().number(), sandbox.put(text), text.length);
    if (grammar < 0) {
      throw new GrammarException(message());
    }
    return grammar;
  }

  void forget(int grammar) {
    sandbox.call("forget", grammar);
  }

  /** Begins an answer. */
  int begin(int grammar) {
    return sandbox.call("begin", grammar);
  }

  /** Makes another answer that is as this one is. */
  int copy(int answer) {
    return sandbox.call("copy", answer);
  }

  void end(int answer) {
    sandbox.call("end", answer);
  }

  /**
   * Takes the last tokens of an answer back, and others in.
   *
   * @return the answer's outlook then
   * @throws GrammarException if the others do not fit; the message is a part of a sentence
   */
  Outlook goOn(int answer, int back, int[] tokens) {
    int address = call("go_on", tokens, answer, back);
    if (address == 0) {
      throw new GrammarException(message());
    }
    return outlook(address);
  }

  /** Takes one token more in; where it does not fit, nothing happens, and nothing is returned. */
  Optional<Outlook> take(int answer, int token) {
    int address = sandbox.call("take", answer, token);
    return address == 0 ? Optional.empty() : Optional.of(outlook(address));
  }

  private Outlook outlook(int address) {
    int[] numbers = numbers(address);
    int[] forced = Arrays.copyOfRange(numbers, 1, numbers.length);
    return new Outlook(numbers[0] == 1, TokenIds.of(forced));
  }

  /**
   * The tokens that may come next: a bit for each, and one for the end.
   *
   * @throws GrammarException if there is none, or the rules are too many to find out; the message
   *     is a part of a sentence
   */
  int[] mask(int answer) {
    int address = sandbox.call("mask", answer);
    if (address == 0) {
      throw new GrammarException(message());
    }
    return numbers(address);
  }

  /** The number of these tokens, from the first on, that may come next. */
  int allowed(int answer, int[] tokens) {
    return call("allowed", tokens, answer);
  }

  /** Calls a function whose last arguments are tokens. */
  private int call(String function, int[] tokens, long... first) {
    byte[] bytes = TokenTable.littleEndian(tokens);
    long[] arguments = Arrays.copyOf(first, first.length + 2);
    arguments[first.length] = sandbox.put(bytes);
    arguments[first.length + 1] = bytes.length;
    return sandbox.call(function, arguments);
  }

  private int[] numbers(int address) {
    int count = sandbox.number(address);
    return TokenTable.numbers(sandbox.bytes(address + Integer.BYTES, Integer.BYTES * count));
  }

  private String message() {
    int[] message = numbers(sandbox.call("message"));
    return sandbox.text(message[1], message[0]);
  }
}
