package dev.ovchat.sampling;

import java.util.List;

/** Rules out the end tokens as long as the completion is too short. */
final class MinNewTokensLengthLogitsProcessor implements LogitsProcessor {
  private final int minNewTokens;
  private final int[] eosTokenIds;

  MinNewTokensLengthLogitsProcessor(int minNewTokens, List<Integer> eosTokenIds) {
    this.minNewTokens = minNewTokens;
    this.eosTokenIds = eosTokenIds.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public void process(TokenSequence tokens, float[] logits) {
    if (tokens.completionSize() < minNewTokens) {
      for (int id : eosTokenIds) {
        if (id < logits.length) {
          logits[id] = RULED_OUT;
        }
      }
    }
  }
}
