package dev.windrow.query.grpc;

import static dev.windrow.query.grpc.RequestFields.invalid;

import com.google.protobuf.ByteString;
import dev.windrow.query.filter.Filter;
import dev.windrow.query.listing.Listing;
import dev.windrow.query.listing.PageToken;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.worth.Position;
import dev.windrow.query.worth.Requirements;
import dev.windrow.rollup.TimeRange;
import java.util.Base64;
import java.util.Optional;

/** Reads a listing from a request; what is wrong with it is an error that names the field. */
final class Listings {
  private Listings() {}

  static Listing of(ListEventsRequest request) {
    TimeRange window = RequestFields.window(request.hasWindow(), request.getWindow());
    Filter filter = RequestFields.filter(request.getFilter());
    Requirements required = RequirementFields.of(request.getRequire());
    Optional<Position.OfSnapshot> position =
        Positions.of("position", request.getPosition(), "require", request.getRequire());
    String scope = scope(request);
    return new Listing(
        window,
        filter,
        required,
        position,
        scope,
        pageSize(request.getPageSize()),
        token(request, window, scope));
  }

  private static int pageSize(int pageSize) {
    if (pageSize < 0) {
      throw invalid("page_size", "must not be negative, got " + pageSize);
    }
    return pageSize == 0 ? Listing.DEFAULT_PAGE_SIZE : Math.min(pageSize, Listing.MAX_PAGE_SIZE);
  }

  // A filter has no U+0000, and base64 none of it and no colon, so no two are the same text.
  private static String scope(ListEventsRequest request) {
    ByteString required = request.getRequire().toByteString();
    String scope =
        required.isEmpty()
            ? request.getFilter()
            : request.getFilter()
                + '\0'
                + Base64.getEncoder().encodeToString(required.toByteArray());
    return request.getPosition().isEmpty() ? scope : scope + '\0' + request.getPosition();
  }

  private static Optional<PageToken> token(
      ListEventsRequest request, TimeRange window, String scope) {
    if (request.getPageToken().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(PageToken.decode(request.getPageToken(), window, scope));
    } catch (IllegalArgumentException e) {
      throw invalid(
          "page_token", "must be a next_page_token of this window, filter, position and require");
    }
  }
}
