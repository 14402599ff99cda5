package dev.ovchat.experiment;

/** An experiment cannot be made as asked; the message gives the value and says what to do. */
public final class ExperimentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ExperimentException(String message) {
    super(message);
  }

  ExperimentException(String message, Throwable cause) {
    super(message, cause);
  }
}
