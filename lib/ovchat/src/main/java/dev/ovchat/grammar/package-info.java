/**
 * Rules for a whole answer: a JSON schema, a regular expression, a grammar, a list of choices.
 * Which tokens may come next by such a rule is found out by llguidance, in a WebAssembly module, so
 * that a rule reaches nothing, and cannot take more time or memory than allowed. The module's
 * source is {@code lib/grammar}.
 *
 * <p>Entry points: {@link dev.ovchat.grammar.ResponseFormat}, which a config takes; {@link
 * dev.ovchat.grammar.Grammars} for those who generate.
 *
 * <pre>{@code
 * GenerationConfig config = GenerationConfig.defaults().responseFormat(ResponseFormat.choices(List.of("yes", "no")));
 * }</pre>
 */
package dev.ovchat.grammar;
