package dev.ovchat.sampling;

/** Is notified of how tokens are chosen. The arrays are overwritten afterwards. */
public interface ChoiceListener {
  /**
   * Receives the logits that the model gave.
   *
   * @param logits [vocabulary]; no NaN among them
   */
  void given(float[] logits);

  /**
   * Receives the logits as the rules have changed them, before what only shapes the sampling.
   *
   * @param ruled [vocabulary]; minus infinity where a rule forbids a token
   */
  void ruled(float[] ruled);

  /**
   * Receives the token that was chosen from them.
   *
   * @param processed [vocabulary], after the processors
   */
  void chosen(int id, float[] processed);
}
