package dev.windrow.ingest.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class DuePartitionsTest {
  private static final Instant NOW = Instant.parse("2024-03-10T00:59:59Z");

  @Test
  void cutoff_isAnHourMoreThanWhatIsKept_andNothingIsDueIfAllIs() {
    assertThat(DuePartitions.cutoff(NOW, Duration.ofDays(7)))
        .isEqualTo(Instant.parse("2024-03-02T23:59:59Z"));
    assertThat(DuePartitions.cutoff(NOW, Duration.ZERO)).isEqualTo(Instant.MIN);
    assertThat(DuePartitions.cutoffDay(NOW, Duration.ofDays(7)))
        .isEqualTo(Instant.parse("2024-03-02T00:00:00Z"));
    assertThat(DuePartitions.cutoffDay(NOW, Duration.ZERO)).isEqualTo(Instant.MIN);
  }

  @Test
  void of_givesWhatIsAttached_behindTheHorizon_andOver_theOldestFirst() {
    Partition gone = day("2024-02-27", Partition.State.ATTACHED);
    Partition first = day("2024-02-28", Partition.State.ATTACHED);
    Partition pending = day("2024-02-29", Partition.State.PENDING);
    Partition second = day("2024-03-01", Partition.State.ATTACHED);
    Partition notOver = day("2024-03-02", Partition.State.ATTACHED);
    Partition month =
        new Partition(Tier.MINUTE, LocalDate.parse("2024-02-01"), Partition.State.ATTACHED);

    assertThat(
            DuePartitions.of(
                List.of(notOver, second, pending, month, first, gone),
                Tier.RAW,
                Instant.parse("2024-02-28T00:00:00Z"),
                DuePartitions.cutoff(NOW, Duration.ofDays(7))))
        .containsExactly(first, second);
  }

  @Test
  void before_givesWhatLiesWhollyBeforeTheHorizon_inAnyState() {
    Partition leftOver = day("2024-02-28", Partition.State.DETACHED);
    Partition anew = day("2024-02-29", Partition.State.ATTACHED);
    Partition kept = day("2024-03-01", Partition.State.ATTACHED);

    assertThat(
            DuePartitions.before(
                List.of(kept, anew, leftOver), Tier.RAW, Instant.parse("2024-03-01T00:00:00Z")))
        .containsExactly(leftOver, anew);
  }

  @Test
  void names_tellWhereAPartitionBeginsAndEnds() {
    check(Tier.RAW, "events_20240229", "2024-02-29", "2024-03-01");
    check(Tier.MINUTE, "rollup_buckets_minute_202312", "2023-12-01", "2024-01-01");
    check(Tier.HOUR, "rollup_buckets_hour_1999", "1999-01-01", "2000-01-01");
  }

  private static void check(Tier tier, String name, String begin, String end) {
    Partition partition = new Partition(tier, tier.begin(name), Partition.State.ATTACHED);

    assertThat(name).matches(tier.pattern());
    assertThat(partition.name()).isEqualTo(name);
    assertThat(partition.from()).isEqualTo(Instant.parse(begin + "T00:00:00Z"));
    assertThat(partition.to()).isEqualTo(Instant.parse(end + "T00:00:00Z"));
  }

  private static Partition day(String date, Partition.State state) {
    return new Partition(Tier.RAW, LocalDate.parse(date), state);
  }
}
