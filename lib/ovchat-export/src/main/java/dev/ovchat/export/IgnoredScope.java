package dev.ovchat.export;

import dev.ovchat.files.Excerpt;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Patterns of the names of matrices that are left as they are in the checkpoint; NNCF's ignored
 * scope.
 *
 * @param patterns regular expressions, which match from a name's beginning, as NNCF's do
 */
record IgnoredScope(List<String> patterns) {
  static final IgnoredScope NONE = new IgnoredScope(List.of());

  IgnoredScope {
    patterns = List.copyOf(patterns);
    patterns.forEach(IgnoredScope::compile);
  }

  /** The same with one more pattern. */
  IgnoredScope and(String pattern) {
    List<String> all = new ArrayList<>(patterns);
    all.add(pattern);
    return new IgnoredScope(all);
  }

  private static Pattern compile(String pattern) {
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new ExportException(
          "ignoredScope is \"%s\", which is not a regular expression of Java's (%s); take one that matches names of matrices, such as \".*self_attn.*\"."
              .formatted(Excerpt.of(pattern), e.getDescription()),
          e);
    }
  }

  /**
   * Finds the matrices that are left as they are.
   *
   * @throws ExportException if a pattern matches none
   * @throws InterruptedException if the thread is interrupted while a pattern is matched
   */
  Set<Matrix> of(List<Matrix> matrices) throws InterruptedException {
    Set<Matrix> found = new LinkedHashSet<>();
    for (String pattern : patterns) {
      List<Matrix> matched = InterruptibleMatch.filter(matrices, Matrix::name, compile(pattern));
      if (matched.isEmpty()) {
        throw new ExportException(
            "ignoredScope is \"%s\", which matches the name of none of the model's matrices; they have names such as %s."
                .formatted(Excerpt.of(pattern), Excerpt.of(example(matrices))));
      }
      found.addAll(matched);
    }
    return found;
  }

  /** The name of a matrix inside the layers, where there is one. */
  private static String example(List<Matrix> matrices) {
    return matrices.get(matrices.size() / 2).name();
  }

  /** The option as part of a list of options; empty where nothing is ignored. */
  String listed() {
    return patterns.isEmpty() ? "" : ", ignoredScope=" + patterns;
  }
}
