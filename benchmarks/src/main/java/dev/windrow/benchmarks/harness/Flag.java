package dev.windrow.benchmarks.harness;

/** Settings of a run, from the system properties of the same names. */
public final class Flag {
  private Flag() {}

  public static String text(String name, String otherwise) {
    // Maven passes what was not set as an empty text.
    String value = System.getProperty(name, "");
    return value.isEmpty() ? otherwise : value;
  }

  public static int number(String name, int otherwise) {
    String value = text(name, Integer.toString(otherwise));
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": must be a whole number, got " + value, e);
    }
  }

  public static double real(String name, double otherwise) {
    String value = text(name, Double.toString(otherwise));
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": must be a number, got " + value, e);
    }
  }

  /** Fails if a number is below what makes sense. */
  public static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": must be at least " + least + ", got " + value);
    }
  }
}
