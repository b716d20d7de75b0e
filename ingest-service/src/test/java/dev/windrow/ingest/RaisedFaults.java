package dev.windrow.ingest;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Has the database raise an error of any class where it is asked to, each time or the first few
 * times: what it does by itself then cannot be had at will.
 */
final class RaisedFaults {
  /** What the error says, which no caller must be told. */
  static final String SECRET = "pg_internal_detail";

  private static final String SETUP =
      """
      CREATE TABLE fault (place text PRIMARY KEY, state text NOT NULL, most bigint NOT NULL);
      CREATE SEQUENCE fault_count;
      CREATE FUNCTION raise_fault() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        told fault;
      BEGIN
        SELECT * INTO told FROM fault WHERE place = TG_ARGV[0];
        -- What a sequence gives survives the rollback.
        IF FOUND AND nextval('fault_count') <= told.most THEN
          RAISE EXCEPTION 'pg_internal_detail' USING ERRCODE = told.state, DETAIL = 'pg_internal_detail';
        END IF;
        RETURN NULL;
      END
      $$;
      """;

  /** Where an error is raised. */
  enum Place {
    EVENTS("AFTER INSERT ON events FOR EACH STATEMENT"),
    DELTAS("AFTER INSERT ON rollup_deltas FOR EACH STATEMENT"),
    PRODUCERS("AFTER UPDATE ON producers FOR EACH STATEMENT"),
    COMMIT("AFTER INSERT ON ingest_batches DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"),
    BUCKETS("AFTER INSERT OR UPDATE ON rollup_buckets FOR EACH STATEMENT");

    private final String when;

    Place(String when) {
      this.when = when;
    }

    /** Those of a flush. */
    static List<Place> ofFlush() {
      return List.of(EVENTS, DELTAS, PRODUCERS, COMMIT);
    }

    private String trigger() {
      return "CREATE %s TRIGGER fault_%s %s EXECUTE FUNCTION raise_fault('%s');"
          .formatted(this == COMMIT ? "CONSTRAINT" : "", name(), when, name());
    }
  }

  private final IngestHarness harness;

  RaisedFaults(IngestHarness harness) {
    this.harness = harness;
    RebuildCourse.execute(
        harness,
        SETUP + Stream.of(Place.values()).map(Place::trigger).collect(Collectors.joining()));
  }

  /** Raises until {@link #end}. */
  void begin(Place place, String state) {
    begin(place, state, Integer.MAX_VALUE);
  }

  /** Raises this many times. */
  void begin(Place place, String state, int times) {
    RebuildCourse.execute(
        harness,
        "SELECT setval('fault_count', 1, false); INSERT INTO fault VALUES ('%s', '%s', %d)"
            .formatted(place, state, times));
  }

  void end() {
    RebuildCourse.execute(harness, "DELETE FROM fault");
  }

  /** How often it was, or would have been, raised since it began. */
  long count() {
    return harness.number("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM fault_count");
  }
}
