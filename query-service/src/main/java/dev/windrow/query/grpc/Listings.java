package dev.windrow.query.grpc;

import static dev.windrow.query.grpc.RequestFields.invalid;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.listing.Listing;
import dev.windrow.query.listing.PageToken;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.rollup.TimeRange;
import java.util.Optional;

/** Reads a listing from a request; what is wrong with it is an error that names the field. */
final class Listings {
  private Listings() {}

  static Listing of(ListEventsRequest request) {
    TimeRange window = RequestFields.window(request.hasWindow(), request.getWindow());
    Filter filter = RequestFields.filter(request.getFilter());
    return new Listing(
        window,
        filter,
        request.getFilter(),
        pageSize(request.getPageSize()),
        token(request, window));
  }

  private static int pageSize(int pageSize) {
    if (pageSize < 0) {
      throw invalid("page_size", "must not be negative, got " + pageSize);
    }
    return pageSize == 0 ? Listing.DEFAULT_PAGE_SIZE : Math.min(pageSize, Listing.MAX_PAGE_SIZE);
  }

  private static Optional<PageToken> token(ListEventsRequest request, TimeRange window) {
    if (request.getPageToken().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(PageToken.decode(request.getPageToken(), window, request.getFilter()));
    } catch (IllegalArgumentException e) {
      throw invalid("page_token", "must be a next_page_token of this window and filter");
    }
  }
}
