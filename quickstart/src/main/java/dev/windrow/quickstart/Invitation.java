package dev.windrow.quickstart;

import java.io.PrintStream;

/** Lines to paste into another terminal. */
final class Invitation {
  private static final String QUESTION =
      """
      {"window":{"start_time":"2001-01-15T06:30:00Z","end_time":"2001-02-20T18:45:00Z"},
       "metrics":[{"measure":"MEASURE_COUNT"},{"measure":"MEASURE_PERCENTILE","percentile":95}],
       "group_by":["source"],"order_by":"count desc","limit":3,"explain":true}""";
  private static final String EVENT =
      """
      {"occurred_at":"2001-02-01T08:00:00Z","source":"ORD","type":"my.event","entity_id":"e-1",\
      "status":"ok","value":1.5,"event_id":"a-1"}""";

  private Invitation() {}

  static void print(Stack stack, QuickstartSettings settings, PrintStream out) {
    out.printf(
        """

        Try it from another terminal. A question:

          grpcurl -plaintext -d '%1$s' \\
            localhost:%2$d windrow.query.v1.QueryService/Summarize

          buf curl --protocol grpc --http2-prior-knowledge -d '%1$s' \\
            http://localhost:%2$d/windrow.query.v1.QueryService/Summarize

        Events of your own, one JSON object a line:

          echo '%3$s' > events.jsonl
          grpcurl -plaintext -d @ localhost:%4$d windrow.ingest.v1.IngestService/ImportEvents < events.jsonl
          buf curl --protocol grpc --http2-prior-knowledge -d @events.jsonl \\
            http://localhost:%4$d/windrow.ingest.v1.IngestService/ImportEvents

        The tables:  psql -h localhost -p %5$d -U postgres     (any password)
        The data stays in %6$s. Stop with Ctrl-C.
        """,
        QUESTION,
        stack.queryPort(),
        EVENT,
        stack.ingestPort(),
        stack.postgresPort(),
        settings.data());
  }
}
