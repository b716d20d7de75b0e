package dev.windrow.runtime.config;

/** The settings do not let the process start; the message is one line that says what to change. */
public final class InvalidSettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidSettingsException(String message) {
    super(message);
  }
}
