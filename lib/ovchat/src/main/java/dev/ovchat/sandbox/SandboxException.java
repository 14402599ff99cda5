package dev.ovchat.sandbox;

/** Thrown when what runs in a sandbox has been ended; the sandbox is of no more use then. */
public final class SandboxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Reason of the end. */
  public enum Reason {
    /** It wanted more memory than the module may have. */
    OUT_OF_MEMORY,
    /** It gave up: a case that its authors have not thought of. */
    GAVE_UP,
    /** It called itself too often. */
    TOO_DEEP,
    /** It took more of the processor's time than allowed. */
    TOO_LONG,
    /** Its thread was interrupted. */
    INTERRUPTED
  }

  private final Reason reason;

  SandboxException(Reason reason, Throwable cause) {
    super("The sandbox was ended: " + reason, cause);
    this.reason = reason;
  }

  /** The reason of the end. */
  public Reason reason() {
    return reason;
  }
}
