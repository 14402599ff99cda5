package dev.ovchat.grammar;

import dev.ovchat.files.Excerpt;
import dev.ovchat.sandbox.LimitedTask;
import dev.ovchat.sandbox.SandboxException;
import dev.ovchat.sandbox.SandboxException.Reason;
import dev.ovchat.system.Uninterrupted;
import dev.ovchat.text.TokenIds;
import dev.ovchat.text.Tokenizer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Grammars over the tokens of one tokenizer. The module that knows them is started when the first
 * one is compiled, and grammars that were used last are kept in it.
 *
 * <p>A module that was ended, say for want of memory, is started anew, and what is needed is
 * compiled and read in again: all follows from the formats and the tokens so far.
 *
 * <p>Safe for use by several threads, one of which works at a time.
 */
public final class Grammars {
  /** Limit of the processor's time; a real schema takes 0.02 s once the classes are warm. */
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private static final LimitedTask COMPILATION = new LimitedTask("response format", LONGEST, true);

  /** Takes 1 s of the processor's time for 49,000 tokens, and 5 s for 262,000. */
  private static final LimitedTask START =
      new LimitedTask("response format", Duration.ofMinutes(2), true);

  private static final int MOST_GRAMMARS = 16;

  /** More than a queue has at a time; each takes some kB. */
  private static final int MOST_COMPLETIONS = 256;

  private final Tokenizer tokenizer;
  private final int vocabSize;
  private final FirstToken first;
  private final Map<ResponseFormat, Integer> grammars = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<MatchedTokens, FormatRule> matched = new LinkedHashMap<>(16, 0.75f, true);
  private Optional<GrammarModule> module = Optional.empty();

  /**
   * Starts nothing yet.
   *
   * @param modelVocabSize the number of ids that the model has; a tokenizer may have more, or fewer
   */
  public Grammars(Tokenizer tokenizer, int modelVocabSize) {
    this.tokenizer = tokenizer;
    this.vocabSize = Math.min(tokenizer.vocabSize(), modelVocabSize);
    this.first = new FirstToken(tokenizer, vocabSize);
  }

  /**
   * The rule of a completion.
   *
   * @param endTokens those that may come where an answer is complete
   * @param completions the number of completions that are followed at once: beams
   * @throws GrammarException if the format is refused, takes too long or too much memory, or the
   *     thread is interrupted meanwhile
   */
  public synchronized FormatRule rule(
      ResponseFormat format, List<Integer> endTokens, int completions) {
    int unused = grammar(format); // refused now rather than later
    return new FormatRule(this, format, endTokens, completions);
  }

  /** The number of the bit that stands for the end. */
  int end() {
    return vocabSize;
  }

  /** The tokens that may come next. */
  synchronized NextTokens next(FormatRule rule, TokenIds completion) {
    return known(rule, completion)
        .orElseGet(() -> inModule(rule, () -> choice(matched(rule, completion))));
  }

  /**
   * The tokens that may come next, if that is known already or there is no choice; it takes the
   * module far longer to find out all tokens of a choice.
   */
  synchronized Optional<NextTokens> known(FormatRule rule, TokenIds completion) {
    return rule.matched().stream()
        .flatMap(one -> one.after(completion).stream())
        .findFirst()
        .or(() -> inModule(rule, () -> matched(rule, completion).next()));
  }

  private NextTokens choice(MatchedTokens tokens) {
    NextTokens next = spaced(tokens.ids(), NextTokens.oneOf(module().mask(tokens.number)));
    tokens.next(next);
    return next;
  }

  private NextTokens spaced(TokenIds completion, NextTokens next) {
    return completion.isEmpty() ? first.spaced(next) : next;
  }

  /** Tests whether a token may come next, and takes it in, since it will be the next one. */
  synchronized boolean allows(FormatRule rule, TokenIds completion, int id) {
    return known(rule, completion)
        .map(next -> next.allows(id))
        .orElseGet(() -> inModule(rule, () -> take(matched(rule, completion), id)));
  }

  private boolean take(MatchedTokens tokens, int id) {
    Optional<Outlook> outlook = module().take(tokens.number, id);
    outlook.ifPresent(then -> set(tokens, tokens.ids().plus(TokenIds.of(id)), then));
    return outlook.isPresent();
  }

  /** Tests whether nothing but the end may come next. A mask is made only where the end may. */
  synchronized boolean isComplete(FormatRule rule, TokenIds completion) {
    return known(rule, completion)
        .or(
            () ->
                inModule(
                    rule,
                    () ->
                        Optional.of(matched(rule, completion))
                            .filter(MatchedTokens::mayEnd)
                            .map(this::choice)))
        .filter(next -> next.isEnd(end()))
        .isPresent();
  }

  synchronized int[] allowed(FormatRule rule, TokenIds completion, int[] tokens) {
    return inModule(
        rule,
        () -> {
          int number = matched(rule, completion).number;
          return TokenIds.of(tokens).first(module().allowed(number, tokens)).toArray();
        });
  }

  /** Forgets what was found out for a rule. An interrupt waits until that is done. */
  synchronized void forget(FormatRule rule) {
    Uninterrupted.run(
        () -> {
          try {
            List.copyOf(rule.matched()).forEach(this::drop);
          } catch (SandboxException e) { // the next one starts it anew
            stop();
          }
        });
  }

  /** The tokens as the module has taken them in: by way of those that are nearest. */
  private MatchedTokens matched(FormatRule rule, TokenIds completion) {
    int grammar = grammar(rule.format()); // starts the module if need be
    Optional<MatchedTokens> nearest =
        rule.matched().stream()
            .max(Comparator.comparingInt(tokens -> tokens.ids().commonPrefix(completion)));
    MatchedTokens tokens =
        nearest
            .map(near -> takesBack(near, completion) && rule.hasRoom() ? copy(rule, near) : near)
            .orElseGet(() -> begun(rule, grammar));
    FormatRule unused = matched.get(tokens); // the last that was used
    if (!tokens.ids().equals(completion)) {
      TokenIds before = TokenIds.of(first.unspaced(tokens.ids()));
      TokenIds now = TokenIds.of(first.unspaced(completion));
      int common = before.commonPrefix(now);
      int[] rest = Arrays.copyOfRange(now.toArray(), common, now.size());
      set(tokens, completion, module().goOn(tokens.number, before.size() - common, rest));
    }
    return tokens;
  }

  private void set(MatchedTokens tokens, TokenIds ids, Outlook outlook) {
    Optional<NextTokens> next =
        Optional.of(outlook.forced())
            .filter(forced -> !forced.isEmpty())
            .map(forced -> spaced(ids, NextTokens.forced(forced.toArray())));
    tokens.set(ids, outlook.mayEnd(), next);
  }

  private MatchedTokens begun(FormatRule rule, int grammar) {
    MatchedTokens tokens = added(rule, module().begin(grammar));
    set(tokens, TokenIds.of(), module().goOn(tokens.number, 0, new int[0]));
    return tokens;
  }

  private static boolean takesBack(MatchedTokens tokens, TokenIds completion) {
    return tokens.ids().commonPrefix(completion) < tokens.ids().size();
  }

  private MatchedTokens copy(FormatRule rule, MatchedTokens tokens) {
    MatchedTokens copy = added(rule, module().copy(tokens.number));
    copy.set(tokens.ids(), tokens.mayEnd(), tokens.next());
    return copy;
  }

  private MatchedTokens added(FormatRule rule, int number) {
    var tokens = new MatchedTokens(number);
    rule.matched().add(tokens);
    matched.put(tokens, rule);
    if (matched.size() > MOST_COMPLETIONS) {
      drop(matched.keySet().iterator().next());
    }
    return tokens;
  }

  private void drop(MatchedTokens tokens) {
    FormatRule rule = matched.remove(tokens);
    rule.matched().remove(tokens);
    module.ifPresent(started -> started.end(tokens.number));
  }

  /** The module's number of a format, which is compiled if it was not. */
  private int grammar(ResponseFormat format) {
    Integer known = grammars.get(format);
    if (known != null) {
      return known;
    }
    int grammar = compile(format);
    grammars.put(format, grammar);
    if (grammars.size() > MOST_GRAMMARS) {
      Iterator<Integer> oldest = grammars.values().iterator();
      module().forget(oldest.next());
      oldest.remove();
    }
    return grammar;
  }

  private int compile(ResponseFormat format) {
    try {
      GrammarModule started = module();
      return COMPILATION.run(() -> started.compile(format));
    } catch (SandboxException e) {
      boolean othersTakeMemory = e.reason() == Reason.OUT_OF_MEMORY && !grammars.isEmpty();
      stop();
      if (othersTakeMemory) {
        return compile(format);
      }
      throw refused(format, problem(e.reason()), e);
    } catch (GrammarException e) {
      throw refused(format, e.getMessage(), e);
    }
  }

  private static GrammarException refused(ResponseFormat format, String why, Throwable cause) {
    return new GrammarException(
        "The %s cannot be followed: %s."
            .formatted(format.kind().words(), withoutFullStop(Excerpt.of(why))),
        cause);
  }

  /**
   * What is wrong, as a part of a sentence; the grammar engine ends some of its own by a full stop.
   */
  private static String withoutFullStop(String why) {
    return why.endsWith(".") ? why.substring(0, why.length() - 1) : why;
  }

  private static String problem(Reason reason) {
    return switch (reason) {
      case OUT_OF_MEMORY -> "it takes more than 256 MB of memory";
      case GAVE_UP -> "the grammar engine gave up on it";
      case TOO_DEEP -> "its parts are nested too deep";
      case TOO_LONG ->
          String.format(Locale.ROOT, "it takes longer than %d seconds", LONGEST.toSeconds());
      case INTERRUPTED -> "the thread was interrupted meanwhile";
    };
  }

  private GrammarModule module() {
    if (module.isEmpty()) {
      module = Optional.of(START.run(() -> new GrammarModule(tokenizer, vocabSize)));
    }
    return module.get();
  }

  /** Drops the module, which was ended, and all that it knew. */
  private void stop() {
    module = Optional.empty();
    grammars.clear();
    matched.forEach((tokens, rule) -> rule.matched().remove(tokens));
    matched.clear();
  }

  /**
   * Works in the module. Where it is ended meanwhile, that is done once more in another: it may
   * have been full of what others needed. An interrupt, which would end it, waits until the work is
   * done.
   */
  private <T> T inModule(FormatRule rule, Supplier<T> work) {
    boolean wasInterrupted = Thread.interrupted();
    try {
      return work.get();
    } catch (SandboxException e) {
      wasInterrupted |= Thread.interrupted();
      stop();
      return again(rule, work);
    } catch (GrammarException e) {
      forget(rule);
      throw unfit(rule, e.getMessage(), e);
    } finally {
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private <T> T again(FormatRule rule, Supplier<T> work) {
    try {
      return work.get();
    } catch (SandboxException e) {
      stop();
      throw unfit(rule, problem(e.reason()), e);
    } catch (GrammarException e) {
      forget(rule);
      throw unfit(rule, e.getMessage(), e);
    }
  }

  private static GrammarException unfit(FormatRule rule, String why, Throwable cause) {
    return new GrammarException(
        "The answer cannot go on by its %s: %s."
            .formatted(rule.format().kind().words(), withoutFullStop(Excerpt.of(why))),
        cause);
  }
}
