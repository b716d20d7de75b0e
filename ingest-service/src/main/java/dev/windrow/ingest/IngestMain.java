package dev.windrow.ingest;

import dev.windrow.runtime.lifecycle.ServiceMain;

/** The process. */
public final class IngestMain {
  private IngestMain() {}

  public static void main(String[] args) {
    ServiceMain.run("ingest-service", settings -> new IngestServer(IngestConfig.from(settings)));
  }
}
