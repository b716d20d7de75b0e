package dev.windrow.query.watch;

/**
 * An answer as it is told.
 *
 * @param message the same object for all who are told
 */
public record WatchedAnswer<M>(M message, AsOf asOf) {}
