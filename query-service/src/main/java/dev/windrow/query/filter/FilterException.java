package dev.windrow.query.filter;

/** A filter that is not one, with the place where that shows. */
public final class FilterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int position;

  /**
   * A filter that breaks a rule.
   *
   * @param position from 0, in UTF-16 code units
   * @param rule what was expected, or which limit it exceeds
   */
  FilterException(int position, String rule) {
    super("at character " + position + ": " + rule);
    this.position = position;
  }

  /** What was expected, with the place. */
  public String rule() {
    return String.valueOf(getMessage());
  }

  public int position() {
    return position;
  }
}
