package dev.windrow.query.catalog;

import dev.windrow.catalog.v1.ListAuditEntriesRequest;
import dev.windrow.query.grpc.RequestFields;
import dev.windrow.query.paging.PageOf;
import dev.windrow.runtime.error.Failure;

/**
 * Which audit entries are asked for; what is empty does not matter.
 *
 * @param page of them, whose keys are the numbers of entries
 */
record AuditFilter(String resource, String resourceId, String actor, PageOf page) {
  /**
   * As it is asked for.
   *
   * @throws dev.windrow.runtime.error.WindrowException INVALID_ARGUMENT, naming field and rule
   */
  static AuditFilter of(ListAuditEntriesRequest request) {
    String resource = RequestFields.storable("resource", request.getResource());
    String resourceId = RequestFields.storable("resource_id", request.getResourceId());
    String actor = RequestFields.storable("actor", request.getActor());
    if (!resourceId.isEmpty() && resource.isEmpty()) {
      throw Failure.invalid("resource", "is required beside a resource_id").toException();
    }
    // U+0000 is in none of them.
    String scope = "audit\0" + resource + "\0" + resourceId + "\0" + actor;
    AuditFilter filter =
        new AuditFilter(
            resource,
            resourceId,
            actor,
            PageOf.of(request.getPageToken(), request.getPageSize(), scope));
    filter.before();
    return filter;
  }

  /** Entries have smaller numbers. */
  long before() {
    try {
      return page.after().isEmpty() ? Long.MAX_VALUE : Long.parseLong(page.after());
    } catch (NumberFormatException e) {
      throw Failure.invalid("page_token", "must be a next_page_token of this listing")
          .toException(e);
    }
  }
}
