package dev.ovchat.spark;

/** Reports a dataset, a column, a model's place or a folder of results that cannot be taken. */
public final class DatasetException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DatasetException(String message) {
    super(message);
  }

  DatasetException(String message, Throwable cause) {
    super(message, cause);
  }
}
