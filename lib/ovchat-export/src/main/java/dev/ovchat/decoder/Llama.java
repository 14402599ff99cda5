package dev.ovchat.decoder;

/** Llama 2 and 3. */
class Llama extends Architecture {
  Llama() {
    this("llama");
  }

  Llama(String modelType) {
    super(modelType);
  }

  @Override
  boolean feedForwardBias(boolean mlpBias) {
    return mlpBias;
  }
}
