package dev.windrow.query;

import dev.windrow.runtime.lifecycle.ServiceMain;

/** The query service as a process. */
public final class QueryMain {
  private QueryMain() {}

  /** Runs until the process is asked to stop. */
  public static void main(String[] args) {
    ServiceMain.run("query-service", settings -> new QueryServer(QueryConfig.from(settings)));
  }
}
