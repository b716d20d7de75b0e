package dev.windrow.query.listing;

import java.math.BigInteger;
import java.util.regex.Pattern;

/** The text of a {@code pg_snapshot}: {@code xmin:xmax:xip,xip,...}, ascending. */
final class SnapshotText {
  private static final Pattern FORM =
      Pattern.compile("[0-9]{1,19}:[0-9]{1,19}:(?:[0-9]{1,19}(?:,[0-9]{1,19})*+)?");
  private static final BigInteger END = BigInteger.ONE.shiftLeft(63);

  private SnapshotText() {}

  /**
   * Refuses what PostgreSQL would.
   *
   * @throws IllegalArgumentException if it is not the text of a snapshot
   */
  static void check(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("names no snapshot");
    }
    String[] parts = text.split(":", -1);
    BigInteger xmin = new BigInteger(parts[0]);
    BigInteger xmax = new BigInteger(parts[1]);
    boolean ascending = xmin.signum() > 0 && xmin.compareTo(xmax) <= 0 && xmax.compareTo(END) < 0;
    BigInteger last = xmin;
    boolean first = true;
    for (String part : parts[2].isEmpty() ? new String[0] : parts[2].split(",", -1)) {
      BigInteger xip = new BigInteger(part);
      int order = xip.compareTo(last);
      ascending &= (first ? order >= 0 : order > 0) && xip.compareTo(xmax) < 0;
      last = xip;
      first = false;
    }
    if (!ascending) {
      throw new IllegalArgumentException("names no snapshot");
    }
  }
}
