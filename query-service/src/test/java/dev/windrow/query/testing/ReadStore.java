package dev.windrow.query.testing;

import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.plan.CatalogScope;
import dev.windrow.query.plan.RollupCatalog;
import dev.windrow.query.read.SelectRollups;
import dev.windrow.runtime.sql.SnapshotReads;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import java.util.Objects;

/** A database of a test's own, and the connections that read it. */
public final class ReadStore implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final TestDatabase database = TestDatabase.create();
  private final ConnectionPool pool;
  private final SnapshotReads reads;

  /**
   * An empty one.
   *
   * @param name of the connections
   */
  public ReadStore(String name) {
    pool = QueryHarness.pool(database, name, 2);
    reads = new SnapshotReads(pool);
  }

  public TestDatabase database() {
    return database;
  }

  public SnapshotReads reads() {
    return reads;
  }

  /** What fills it, by the rollups that are declared in it. */
  public TestStore store() {
    RollupCatalog catalog =
        Objects.requireNonNull(
            reads
                .read(session -> SelectRollups.read(session, 1, CatalogScope.none()))
                .block(PATIENCE));
    return new TestStore(database, catalog.definitions());
  }

  @Override
  public void close() {
    pool.dispose();
    database.close();
  }
}
