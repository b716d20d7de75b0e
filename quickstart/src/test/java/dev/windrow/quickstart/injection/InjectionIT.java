package dev.windrow.quickstart.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.windrow.catalog.v1.CatalogServiceGrpc;
import dev.windrow.ingest.IngestConfig;
import dev.windrow.ingest.IngestServer;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import dev.windrow.job.v1.JobServiceGrpc;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.QueryConfig;
import dev.windrow.query.QueryServer;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.runtime.config.Settings;
import io.grpc.Channel;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Proof R15: the corpus in every text that a caller can write, found by walking the descriptors of
 * all services. No statement fails for it or holds any of it, what is stored is what was sent, and
 * the schema stays.
 */
@Tag("minutes")
class InjectionIT {
  private static final FieldDescriptor FILTER =
      SummarizeRequest.getDescriptor().findFieldByNumber(SummarizeRequest.FILTER_FIELD_NUMBER);

  // A quote or a semicolon is in statements of anybody.
  private static final int LEAST_TELLING = 4;

  private TestDatabase database;
  private StatementTap tap;

  @BeforeEach
  void create() throws Exception {
    database = TestDatabase.create();
    tap = new StatementTap(database.host(), database.port());
  }

  @AfterEach
  void drop() throws Exception {
    tap.close();
    database.close();
  }

  @Test
  void textsOfCallers_areNeverSql() throws Exception {
    List<String> corpus = Corpus.texts();
    Stored stored = new Stored(database);
    IngestServer ingest =
        new IngestServer(
            IngestConfig.from(
                settings(
                    Map.of(
                        "WINDROW_MAX_EVENT_AGE", "P45000D",
                        "WINDROW_RETENTION_RAW", "PT0S",
                        "WINDROW_RETENTION_MINUTE", "PT0S",
                        "WINDROW_RETENTION_HOUR", "PT0S"))));
    Probe writes = new Probe(ingest, IngestServiceGrpc.getServiceDescriptor());
    Set<String> own = new HashSet<>();
    String schema;
    try (writes) {
      writes.sendPlain();
      own.addAll(tap.texts());
      schema = stored.schema();
      writes.send(corpus);
    }
    stored.checkTexts(corpus);
    Map<String, Long> rows = stored.rows();

    QueryServer query = new QueryServer(QueryConfig.from(settings(Map.of())));
    Probe reads = new Probe(query, QueryServiceGrpc.getServiceDescriptor());
    try (reads) {
      Set<String> before = tap.texts();
      reads.sendPlain();
      own.addAll(without(tap.texts(), before));
      reads.send(corpus);
      checkFilters(reads.channel(), stored.events());
    }
    assertThat(stored.rows()).as("rows of all tables, before and after reads").isEqualTo(rows);
    // They are stored, and none is begun.
    QueryServer waiting =
        new QueryServer(
            QueryConfig.from(
                settings(Map.of("WINDROW_JOB_SLOTS", "0", "WINDROW_JOB_MAX_PENDING", "1000000"))));
    Probe jobs = new Probe(waiting, JobServiceGrpc.getServiceDescriptor());
    try (jobs) {
      own.addAll(sendAll(jobs, corpus));
    }
    QueryServer changed = new QueryServer(QueryConfig.from(settings(Map.of())));
    Probe catalog = new Probe(changed, CatalogServiceGrpc.getServiceDescriptor());
    try (catalog) {
      own.addAll(sendAll(catalog, corpus));
    }
    Map<String, Long> after = new TreeMap<>(stored.rows());
    for (String written : List.of("jobs", "metric_definitions", "reports", "audit_entries")) {
      assertThat(after.replace(written, rows.getOrDefault(written, 0L)))
          .as(written)
          .isGreaterThan(corpus.size() / 8);
    }
    assertThat(after).as("rows of all other tables").isEqualTo(rows);
    assertThat(stored.schema()).as("schema").isEqualTo(schema);
    int looked = checkStatements(corpus, own);
    System.out.printf(
        "R15 texts=%d fields=%d writes=%d reads=%d statements=%d looked_for=%d sql_errors=0%n",
        corpus.size(),
        writes.fields() + reads.fields() + jobs.fields() + catalog.fields(),
        writes.sent() + jobs.sent() + catalog.sent(),
        reads.sent(),
        tap.texts().size(),
        looked);
  }

  /** The statements that texts without anything odd lead to. */
  private Set<String> sendAll(Probe probe, List<String> corpus) {
    Set<String> before = tap.texts();
    probe.sendPlain();
    Set<String> own = without(tap.texts(), before);
    probe.send(corpus);
    return own;
  }

  /** Each text as a quoted one in a filter: as many events as are stored with it. */
  private static void checkFilters(Channel channel, Map<String, Long> events) {
    events.forEach(
        (source, count) -> {
          TextField filter = new TextField(List.of(FILTER));
          Message request =
              filter.in(
                  Requests.forField(SummarizeRequest.getDefaultInstance(), filter),
                  Corpus.written(filter, source).get(1));
          SummarizeResponse answer =
              QueryServiceGrpc.newBlockingStub(channel).summarize((SummarizeRequest) request);
          assertThat(answer.getRows(0).getValues(0).getInteger())
              .as("events of source %s", source)
              .isEqualTo(count);
        });
  }

  /**
   * No text that is not in our own statements anyway is in any statement.
   *
   * @param own those of requests without anything odd
   * @return how many texts were looked for
   */
  private int checkStatements(List<String> corpus, Set<String> own) {
    List<String> foreign =
        corpus.stream()
            .filter(text -> text.length() >= LEAST_TELLING)
            .filter(text -> own.stream().noneMatch(statement -> statement.contains(text)))
            .toList();
    assertThat(foreign).hasSizeGreaterThan(corpus.size() / 2);
    for (String statement : tap.texts()) {
      assertThat(foreign)
          .as("texts of callers in the statement %s", statement)
          .noneMatch(statement::contains);
    }
    return foreign.size();
  }

  private static Set<String> without(Set<String> all, Set<String> some) {
    Set<String> rest = new HashSet<>(all);
    rest.removeAll(some);
    return rest;
  }

  private Settings settings(Map<String, String> more) {
    Map<String, String> settings = database.settings();
    settings.put("WINDROW_DB_HOST", "localhost");
    settings.put("WINDROW_DB_PORT", Integer.toString(tap.port()));
    settings.putAll(more);
    return new Settings(settings);
  }
}
