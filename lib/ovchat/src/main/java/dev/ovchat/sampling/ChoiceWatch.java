package dev.ovchat.sampling;

/** Sees how tokens are chosen. The arrays are overwritten afterwards. */
public interface ChoiceWatch {
  /** Sees nothing. */
  ChoiceWatch NONE =
      new ChoiceWatch() {
        @Override
        public void given(float[] logits) {}

        @Override
        public void chosen(int id, float[] processed) {}
      };

  /**
   * Receives the logits that the model gave.
   *
   * @param logits [vocabulary]; no NaN among them
   */
  void given(float[] logits);

  /**
   * Receives the token that was chosen from them.
   *
   * @param processed [vocabulary], after the processors
   */
  void chosen(int id, float[] processed);
}
