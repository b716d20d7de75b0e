package dev.windrow.benchmarks.harness;

/** What can be started as a process of its own. */
public enum Service {
  INGEST("ingest-service", "dev.windrow.ingest.IngestMain"),
  QUERY("query-service", "dev.windrow.query.QueryMain");

  private final String label;
  private final String main;

  Service(String label, String main) {
    this.label = label;
    this.main = main;
  }

  String label() {
    return label;
  }

  String main() {
    return main;
  }
}
