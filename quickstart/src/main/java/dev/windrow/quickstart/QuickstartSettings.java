package dev.windrow.quickstart;

import java.nio.file.Path;

/**
 * What can be chosen with {@code -D}.
 *
 * @param exit whether to end after the report
 * @param data the folder that keeps the database
 */
record QuickstartSettings(boolean exit, int ingestPort, int queryPort, Path data) {
  static QuickstartSettings fromProperties() {
    return new QuickstartSettings(
        Boolean.getBoolean("windrow.exit"),
        port("windrow.ingest.port", 50051),
        port("windrow.query.port", 50052),
        Path.of(System.getProperty("windrow.data", "windrow-data")).toAbsolutePath());
  }

  private static int port(String property, int otherwise) {
    String text = System.getProperty(property, Integer.toString(otherwise));
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message below.
    }
    throw new IllegalArgumentException(property + ": must be a port from 0 to 65535, got " + text);
  }
}
