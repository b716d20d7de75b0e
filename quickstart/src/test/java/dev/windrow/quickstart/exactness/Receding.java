package dev.windrow.quickstart.exactness;

import static org.awaitility.Awaitility.await;

import dev.windrow.ingest.IngestConfig;
import dev.windrow.ingest.IngestServer;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.runtime.config.Settings;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets events go, then minutes, then hours, step by step, as a service does whose settings become
 * stricter; while another tenant keeps everything by deleting rows, then by dropping partitions.
 * What is gone stays in a table beside, for the judge: events as they were stored, but for those
 * that were taken back; triggers keep it, in the transactions that change the events.
 */
final class Receding implements AutoCloseable {
  static final String ALL_EVENTS = "all_events";

  private static final String REMEMBER =
      """
      CREATE TABLE all_events (LIKE events);
      CREATE INDEX ON all_events (occurred_at);
      CREATE SEQUENCE let_go;
      CREATE INDEX ON all_events (batch_id, batch_index);
      CREATE FUNCTION remember_event() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'INSERT' THEN
          INSERT INTO all_events SELECT NEW.*;
        ELSIF EXISTS (SELECT FROM retention_horizons
            WHERE tenant_id = OLD.tenant_id AND tier = 'raw' AND from_at > OLD.occurred_at) THEN
          PERFORM nextval('let_go');
        ELSE
          DELETE FROM all_events WHERE batch_id = OLD.batch_id AND batch_index = OLD.batch_index;
        END IF;
        RETURN NULL;
      END
      $$;
      CREATE TRIGGER remember_event AFTER INSERT OR DELETE ON events
      FOR EACH ROW EXECUTE FUNCTION remember_event();
      INSERT INTO tenants (name, served_since) VALUES ('keeper', now());
      """;

  private static final int STEPS_OF_THE_KEEPER = 3;
  private static final String FORGET_THE_KEEPER =
      "UPDATE tenants SET served_since = NULL WHERE name = 'keeper' RETURNING 1";

  // A job that adds a rollup, or takes events back that must be there, fails if they go meanwhile.
  private static final String EVENTS_ARE_NEEDED =
      """
      SELECT EXISTS (
        SELECT FROM jobs WHERE ended_at IS NULL
          AND (kind = 'create_rollup' OR spec #>> '{voidEvents,allowMissing}' = 'false'))
      """;

  // What a lane has left that was killed would wait for half a minute.
  private static final String FOLD_AT_ONCE =
      """
      WITH aged AS (
        UPDATE unfolded_batches SET noted_at = noted_at - interval '1 hour'
        WHERE noted_at > clock_timestamp() - interval '1 minute' RETURNING 1)
      SELECT count(*) FROM aged
      """;

  /**
   * What must be gone.
   *
   * @param raw before which events are
   * @param minutes before which minutes are; the epoch for none
   * @param hours likewise
   */
  private record Step(Instant raw, Instant minutes, Instant hours) {}

  // Minutes are kept by months and hours by years.
  private static final Instant END =
      Instant.ofEpochSecond(RandomEvents.FROM + RandomEvents.SECONDS);
  private static final Instant APRIL = Instant.parse("2001-04-01T00:00:00Z");
  private static final Instant NEXT_YEAR = Instant.parse("2002-01-01T00:00:00Z");
  private static final List<Step> STEPS =
      List.of(
          new Step(day(2), Instant.EPOCH, Instant.EPOCH),
          new Step(day(5), Instant.EPOCH, Instant.EPOCH),
          new Step(day(8), Instant.EPOCH, Instant.EPOCH),
          new Step(APRIL, APRIL, Instant.EPOCH),
          new Step(NEXT_YEAR, NEXT_YEAR, NEXT_YEAR));

  private final TestDatabase database;
  private final Connection admin;
  private final int looksPerStep;
  private int step;
  private int looks;
  private @Nullable IngestServer retaining;

  /**
   * Nothing goes yet.
   *
   * @param looksPerStep how often it is asked to go on, at least, before it takes the next step
   */
  Receding(TestDatabase database, Connection admin, int looksPerStep) {
    this.database = database;
    this.admin = admin;
    this.looksPerStep = looksPerStep;
  }

  /** Keeps, from now on, what is stored. */
  static void remember(TestDatabase database) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(REMEMBER);
    }
  }

  private static Instant day(int number) {
    return Instant.ofEpochSecond(RandomEvents.FROM).plus(Duration.ofDays(number));
  }

  /** How many steps have begun: none is done before. */
  int steps() {
    return step;
  }

  /** How many events were deleted, and not dropped with their partition. */
  long deleted() throws SQLException {
    return Long.parseLong(
        text("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM let_go"));
  }

  /**
   * Takes the next step, if there is one and the one before is done.
   *
   * @return whether events may come meanwhile: a day of which some wait to be folded stays, and of
   *     few days with many writers some always do
   */
  boolean goOn() throws SQLException, IOException {
    if (!isDone()) {
      text(FOLD_AT_ONCE);
      return false;
    }
    if (++looks % looksPerStep > 0 || step == STEPS.size()) {
      return true;
    }
    // Of few windows, jobs might still be at work when the last one has been asked.
    if (step == 0) {
      await().atMost(Duration.ofMinutes(1)).until(() -> !text(EVENTS_ARE_NEEDED).equals("t"));
    }
    if (text(EVENTS_ARE_NEEDED).equals("t")) {
      return true;
    }
    begin();
    return true;
  }

  private void begin() throws SQLException, IOException {
    close();
    if (step == STEPS_OF_THE_KEEPER) {
      text(FORGET_THE_KEEPER);
    }
    Step next = STEPS.get(step++);
    Map<String, String> settings = database.settings();
    settings.put("WINDROW_RETENTION_RAW", age(next.raw()));
    settings.put("WINDROW_RETENTION_MINUTE", age(next.minutes()));
    settings.put("WINDROW_RETENTION_HOUR", age(next.hours()));
    settings.put("WINDROW_RETENTION_GRACE", "PT0S");
    settings.put("WINDROW_RETENTION_PAUSE", "PT0.05S");
    settings.put("WINDROW_COMPACTION_PAUSE", "PT1H");
    settings.put("WINDROW_VERIFY_PERCENT", "0");
    settings.put("WINDROW_JOB_SLOTS", "0");
    settings.put("WINDROW_LANES", "1");
    IngestServer server = new IngestServer(IngestConfig.from(new Settings(settings)));
    retaining = server;
    server.start();
  }

  // What ended an hour more than that ago is due.
  private static String age(Instant at) {
    return at.equals(Instant.EPOCH)
        ? "PT0S"
        : Duration.ofSeconds(Duration.between(at, Instant.now()).minusMinutes(70).toSeconds())
            .toString();
  }

  // A horizon goes no further than there is something to let go.
  private boolean isDone() throws SQLException {
    if (step == 0) {
      return true;
    }
    Step last = STEPS.get(step - 1);
    return !horizon("raw").isBefore(earlier(last.raw(), END))
        && !horizon("minute").isBefore(earlier(last.minutes(), APRIL))
        && !horizon("hour").isBefore(last.hours())
        && (step > STEPS_OF_THE_KEEPER || deleted() > 0);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private Instant horizon(String tier) throws SQLException {
    return Instant.ofEpochSecond(
        Long.parseLong(
            text(
                "SELECT coalesce(extract(epoch FROM max(from_at))::bigint, 0) FROM retention_horizons"
                    + " WHERE tier = '%s'".formatted(tier))));
  }

  private String text(String sql) throws SQLException {
    try (Statement statement = admin.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  @Override
  public void close() {
    if (retaining != null) {
      retaining.close();
      retaining = null;
    }
  }
}
