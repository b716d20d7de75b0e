package dev.windrow.ingest.lane;

/**
 * Who shares the service with others: all calls of one connection. Its monitor orders its requests
 * on their way into the lanes, whatever threads they come on; its fields belong to it.
 */
public final class Client {
  long inFlight;
  // Whether it goes to the express lane, while something is in flight.
  boolean express;
  // Whether it has lately sent more than the express lane takes.
  boolean heavy;
}
