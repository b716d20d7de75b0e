package dev.windrow.query.grpc;

import java.time.Duration;
import java.util.Optional;

/**
 * How a client wants to be told.
 *
 * @param pace the least time between two answers
 * @param resumePosition up to which it has the answers; empty if it has none
 */
record WatchTerms(Duration pace, Optional<String> resumePosition) {}
