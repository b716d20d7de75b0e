package dev.windrow.query.job;

import com.google.protobuf.MessageLite;
import java.util.ArrayList;
import java.util.List;

/** Cuts the rows of a result into pages that clients can take. */
final class ResultPages {
  private static final int PAGE_ROWS = 1_000;
  // Clients take messages of 4 MiB; a single row is far smaller.
  private static final int PAGE_BYTES = 1 << 20;

  private ResultPages() {}

  /** At least one, which is empty if there are no rows. */
  static <T extends MessageLite> List<List<T>> of(List<T> rows) {
    List<List<T>> pages = new ArrayList<>();
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < rows.size(); i++) {
      if (i - from == PAGE_ROWS || bytes >= PAGE_BYTES) {
        pages.add(rows.subList(from, i));
        from = i;
        bytes = 0;
      }
      bytes += rows.get(i).getSerializedSize();
    }
    pages.add(rows.subList(from, rows.size()));
    return pages;
  }
}
