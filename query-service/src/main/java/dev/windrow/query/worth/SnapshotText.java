package dev.windrow.query.worth;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A {@code pg_snapshot}, written {@code xmin:xmax:xip,xip,...}, ascending: transactions before
 * {@code xmax} have ended, except those under way.
 *
 * @param xmin at least 1; all before it have ended
 * @param xmax not before {@code xmin}; from it on, none is visible
 * @param underWay between the two
 */
public record SnapshotText(long xmin, long xmax, Set<Long> underWay) {
  private static final Pattern FORM =
      Pattern.compile("[0-9]{1,19}:[0-9]{1,19}:(?:[0-9]{1,19}(?:,[0-9]{1,19})*+)?");

  public SnapshotText {
    underWay = Set.copyOf(underWay);
  }

  /**
   * Reads what PostgreSQL writes, and refuses what it would.
   *
   * @throws IllegalArgumentException if it is not the text of a snapshot
   */
  public static SnapshotText parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("names no snapshot");
    }
    String[] parts = text.split(":", -1);
    // A number beyond int64 is no legal argument either.
    long xmin = Long.parseLong(parts[0]);
    long xmax = Long.parseLong(parts[1]);
    Set<Long> underWay = new HashSet<>();
    boolean ascending = xmin > 0 && xmin <= xmax;
    long last = xmin - 1;
    for (String part : parts[2].isEmpty() ? new String[0] : parts[2].split(",", -1)) {
      long xip = Long.parseLong(part);
      ascending &= last < xip && xip < xmax;
      underWay.add(xip);
      last = xip;
    }
    if (!ascending) {
      throw new IllegalArgumentException("names no snapshot");
    }
    return new SnapshotText(xmin, xmax, underWay);
  }

  /**
   * Whether it tells what was visible. One that was taken on a standby may not: PostgreSQL leaves
   * out there what was under way, but for which {@code xmin} and {@code xmax} would be the same.
   */
  public boolean isWhole() {
    return xmin == xmax || !underWay.isEmpty();
  }

  /**
   * Whether all that is visible at {@code earlier} is visible here. Both must be of one cluster.
   *
   * @param standby whether this one was taken on a standby, whose snapshots do not name what is
   *     under way: then only what they say of {@code xmin} counts
   */
  public boolean covers(SnapshotText earlier, boolean standby) {
    if (standby) {
      return xmin >= earlier.xmax;
    }
    return xmax >= earlier.xmax
        && underWay.stream().allMatch(xid -> xid >= earlier.xmax || earlier.underWay.contains(xid));
  }

  /**
   * Whether what a transaction that has committed by now had written was visible here.
   *
   * @param standby whether this one was taken on a standby: then it is only said of those before
   *     {@code xmin}
   */
  public boolean sees(long xid, boolean standby) {
    return xid < xmin || (!standby && xid < xmax && !underWay.contains(xid));
  }
}
