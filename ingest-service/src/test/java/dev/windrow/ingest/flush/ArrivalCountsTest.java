package dev.windrow.ingest.flush;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.accept.RejectedEvent;
import dev.windrow.ingest.catalog.Registry;
import dev.windrow.rollup.Arrivals.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArrivalCountsTest {
  private static final long MINUTE = 60_000_000;
  private static final long DAY = 1440 * MINUTE;

  private final ArrivalCounts counts = new ArrivalCounts();

  @Test
  void counts_areOfMinutesAndKinds() {
    assertThat(counts.isEmpty()).isTrue();
    counts.add(Kind.LATE, 3 * MINUTE);
    counts.add(Kind.LATE, 4 * MINUTE - 1);
    counts.add(Kind.DUPLICATE, 4 * MINUTE - 1);
    counts.add(Kind.LATE, -1);
    assertThat(counts.isEmpty()).isFalse();
    assertThat(rows())
        .containsExactly("MINUTE -1 [late] 1", "MINUTE 3 [late] 2", "MINUTE 3 [duplicate] 1");
  }

  @Test
  void rejections_withoutATime_orOfTheFuture_areNotCounted() {
    counts.add(rejected(RejectedEvent.Reason.MISSING_FIELD, RejectedEvent.NO_TIME));
    counts.add(rejected(RejectedEvent.Reason.TOO_FAR_IN_FUTURE, MINUTE));
    assertThat(counts.isEmpty()).isTrue();
    counts.add(rejected(RejectedEvent.Reason.TOO_LONG, MINUTE));
    assertThat(rows()).containsExactly("MINUTE 1 [rejected] 1");
  }

  @Test
  void rejections_thatAreTooOld_areCountedWhereTheirDayHasMinutes() {
    counts.add(Kind.LATE, 61 * MINUTE);
    for (int day = 0; day < 3; day++) {
      counts.add(rejected(RejectedEvent.Reason.TOO_OLD, day * DAY + 61 * MINUTE));
      counts.add(rejected(RejectedEvent.Reason.TOO_OLD, day * DAY + 61 * MINUTE + 1));
    }
    assertThat(counts.oldDays()).containsExactly(0L, 1L, 2L);
    assertThat(counts.isEmpty()).isFalse();

    counts.decideOld(Set.of(Registry.day(DAY)));

    assertThat(rows()).containsExactly("MINUTE 61 [late] 1", "MINUTE 1501 [rejected] 2");
  }

  @Test
  void rejections_ofDaysWithoutBuckets_leaveNothing() {
    counts.add(rejected(RejectedEvent.Reason.TOO_OLD, 0));
    assertThat(counts.isEmpty()).as("nobody knows yet").isFalse();
    counts.decideOld(Set.of());
    assertThat(counts.isEmpty()).isTrue();
  }

  private static RejectedEvent rejected(RejectedEvent.Reason reason, long at) {
    return new RejectedEvent(0, reason, "f", "f: rule", Instant.EPOCH, at);
  }

  private List<String> rows() {
    List<String> rows = new ArrayList<>();
    counts.forEach(
        row ->
            rows.add(
                row.grain()
                    + " "
                    + row.startMicros() / MINUTE
                    + " "
                    + row.key()
                    + " "
                    + row.aggregate().count()));
    return rows;
  }
}
