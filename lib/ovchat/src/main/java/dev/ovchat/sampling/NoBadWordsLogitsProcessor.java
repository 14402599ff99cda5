package dev.ovchat.sampling;

import java.util.List;

/** Rules out each token that would end one of some sequences; end tokens alone stay allowed. */
final class NoBadWordsLogitsProcessor implements LogitsProcessor {
  private final int[][] words;

  NoBadWordsLogitsProcessor(List<List<Integer>> badWordsIds, List<Integer> eosTokenIds) {
    words =
        badWordsIds.stream()
            .filter(word -> word.size() > 1 || !eosTokenIds.contains(word.get(0)))
            .map(word -> word.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
  }

  @Override
  public void process(TokenSequence tokens, float[] logits) {
    for (int[] word : words) {
      // Asking for as many tokens as the whole word has is transformers' way, though one less would
      // do.
      boolean fits = word.length == 1 || word.length <= tokens.size();
      if (fits && tokens.endsWith(word, word.length - 1)) {
        logits[word[word.length - 1]] = RULED_OUT;
      }
    }
  }
}
