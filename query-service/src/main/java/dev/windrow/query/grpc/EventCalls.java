package dev.windrow.query.grpc;

import dev.windrow.query.listing.EventLister;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.v1.ListEventsResponse;
import dev.windrow.runtime.config.Instance;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Listings as they are asked for, and as they are told. */
public final class EventCalls {
  private final EventLister lister;
  private final Instance instance;

  public EventCalls(EventLister lister, Instance instance) {
    this.lister = lister;
    this.instance = instance;
  }

  /** A page, or an error as callers may see it. */
  public Mono<ListEventsResponse> page(ListEventsRequest request, Duration timeLimit) {
    return Mono.fromSupplier(() -> Listings.of(request))
        .flatMap(
            listing ->
                lister
                    .list(listing, timeLimit)
                    .map(page -> ListEventsResponses.of(listing, page, instance)));
  }

  /**
   * Whether such a listing can be asked for.
   *
   * @throws dev.windrow.runtime.error.WindrowException INVALID_ARGUMENT, naming field and rule
   */
  public static void check(ListEventsRequest request) {
    Listings.of(request);
  }
}
