package dev.windrow.query.grpc;

import static dev.windrow.query.grpc.RequestFields.invalid;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.latest.LatestPageToken;
import dev.windrow.query.latest.LatestQuestion;
import dev.windrow.query.latest.PageRequest;
import dev.windrow.query.v1.GetLatestRequest;
import dev.windrow.query.v1.GetStatsRequest;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.query.worth.Requirements;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.TimeRange;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Reads what is asked of newest events; what is wrong with it is an error that names the field. */
final class LatestQuestions {
  private static final int MAX_NAMES = 1_000;

  private LatestQuestions() {}

  static LatestQuestion of(GetLatestRequest request) {
    return question(
        request.hasWindow(),
        request.getWindow(),
        filter(
            RequestFields.filter(request.getFilter()),
            named("types", Dimension.TYPE, request.getTypesList()),
            named("entity_ids", Dimension.ENTITY_ID, request.getEntityIdsList())),
        RequirementFields.of(request.getRequire()),
        request.getExplain());
  }

  static LatestQuestion of(GetStatsRequest request) {
    return question(
        request.hasWindow(),
        request.getWindow(),
        filter(
            RequestFields.filter(request.getFilter()),
            named("types", Dimension.TYPE, request.getTypesList()),
            Optional.empty()),
        RequirementFields.of(request.getRequire()),
        false);
  }

  static PageRequest page(GetLatestRequest request) {
    int size = request.getPageSize();
    if (size < 0) {
      throw invalid("page_size", "must not be negative, got " + size);
    }
    String scope = scope(request);
    return new PageRequest(
        size == 0 ? PageRequest.DEFAULT_SIZE : Math.min(size, PageRequest.MAX_SIZE),
        scope,
        token(request.getPageToken(), scope));
  }

  private static LatestQuestion question(
      boolean hasWindow, TimeWindow asked, Filter filter, Requirements required, boolean explain) {
    if (!hasWindow && required.minCoverage() > 0) {
      throw invalid("require.min_coverage", "needs a window");
    }
    TimeRange window = hasWindow ? RequestFields.window(true, asked) : LatestQuestion.ALL_TIME;
    return new LatestQuestion(window, !hasWindow, filter, required, explain);
  }

  private static Filter filter(Filter filter, Optional<Filter> types, Optional<Filter> entities) {
    List<Filter> parts = new ArrayList<>(List.of(filter));
    types.ifPresent(parts::add);
    entities.ifPresent(parts::add);
    return parts.size() == 1 ? filter : new Filter.And(parts);
  }

  private static Optional<Filter> named(String field, Dimension dimension, List<String> names) {
    if (names.size() > MAX_NAMES) {
      throw invalid(field, "at most " + MAX_NAMES + ", got " + names.size());
    }
    for (int i = 0; i < names.size(); i++) {
      RequestFields.storable(field + "[" + i + "]", names.get(i));
    }
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(new Filter.Comparison(dimension, false, names));
  }

  private static String scope(GetLatestRequest request) {
    return Base64.getEncoder()
        .encodeToString(
            request.toBuilder()
                .clearPageSize()
                .clearPageToken()
                .clearExplain()
                .build()
                .toByteArray());
  }

  private static Optional<LatestPageToken> token(String text, String scope) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(LatestPageToken.decode(text, scope));
    } catch (IllegalArgumentException e) {
      throw invalid("page_token", "must be a next_page_token of the same request");
    }
  }
}
