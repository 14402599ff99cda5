package dev.ovchat.gguf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The merges of a SentencePiece vocabulary, which has scores instead: each way to make a token of
 * two others is a merge; those of a higher score come first. Among equal scores those with longer
 * parts do, as in transformers' {@code generate_merges}.
 */
final class SentencePieceMerges {
  /** A limit far above any real token (96): the work grows with the square of the length. */
  private static final int LONGEST = 1000;

  private record Merge(String left, String right, double score, int leftLength, int rightLength) {
    int leftId(GgufTokens tokens) {
      return tokens.ids().get(left);
    }

    int rightId(GgufTokens tokens) {
      return tokens.ids().get(right);
    }
  }

  private SentencePieceMerges() {}

  /** The merges, first those that come first: pairs of tokens. */
  static List<List<String>> of(GgufTokens tokens, List<Number> scores) {
    List<Merge> merges = new ArrayList<>();
    for (int id = 0; id < tokens.texts().size(); id++) {
      if (tokens.isNormal(id)) {
        merges.addAll(mergesTo(tokens, tokens.texts().get(id), scores.get(id).doubleValue()));
      }
    }
    merges.sort(
        Comparator.comparingDouble(Merge::score)
            .thenComparingInt(Merge::leftLength)
            .thenComparingInt(Merge::rightLength)
            .reversed());
    return merges.stream().map(merge -> List.of(merge.left(), merge.right())).toList();
  }

  private static List<Merge> mergesTo(GgufTokens tokens, String text, double score) {
    List<Merge> merges = new ArrayList<>();
    if (text.length() > LONGEST) {
      throw tokens
          .metadata()
          .wrong(
              "tokenizer.ggml.tokens",
              "a list of texts of at most %s characters".formatted(LONGEST),
              text);
    }
    int length = text.codePointCount(0, text.length());
    int at = 0;
    for (int count = 1; count < length; count++) {
      at = text.offsetByCodePoints(at, 1);
      String left = text.substring(0, at);
      String right = text.substring(at);
      if (isNormal(tokens, left) && isNormal(tokens, right)) {
        merges.add(new Merge(left, right, score, count, length - count));
      }
    }
    merges.sort(
        Comparator.comparingInt((Merge merge) -> merge.leftId(tokens))
            .thenComparingInt(merge -> merge.rightId(tokens)));
    return merges;
  }

  private static boolean isNormal(GgufTokens tokens, String text) {
    Integer id = tokens.ids().get(text);
    return id != null && tokens.isNormal(id);
  }
}
