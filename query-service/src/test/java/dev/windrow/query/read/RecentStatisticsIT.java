package dev.windrow.query.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.plan.StoreStatistics;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.runtime.sql.SnapshotReads;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecentStatisticsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  // How much later it is each time that somebody looks.
  private long step;
  private final RecentStatistics statistics = new RecentStatistics(() -> nanos.getAndAdd(step));
  private TestDatabase database;
  private ConnectionPool pool;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    pool = QueryHarness.pool(database, "recent-statistics", 2);
  }

  @AfterEach
  void close() {
    pool.dispose();
    database.close();
  }

  @Test
  void get_withinTheirAge_readsNothingAnew() {
    StoreStatistics first = get();
    nanos.addAndGet(RecentStatistics.LEAST_AGE.toNanos());
    assertThat(get()).isSameAs(first);
    nanos.addAndGet(1);
    StoreStatistics second = get();
    assertThat(second).isNotSameAs(first);
    assertThat(get()).isSameAs(second);
  }

  @Test
  void statisticsThatTookLong_areKeptAHundredTimesAsLong() {
    step = Duration.ofSeconds(1).toNanos();
    StoreStatistics first = get();
    step = 0;
    nanos.addAndGet(Duration.ofSeconds(99).toNanos());
    assertThat(get()).isSameAs(first);
    nanos.addAndGet(1);
    assertThat(get()).isNotSameAs(first);
  }

  private StoreStatistics get() {
    return Objects.requireNonNull(
        new SnapshotReads(pool).read(session -> statistics.get(session, 1)).block(PATIENCE));
  }
}
