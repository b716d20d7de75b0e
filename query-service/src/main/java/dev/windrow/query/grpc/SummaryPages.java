package dev.windrow.query.grpc;

import static dev.windrow.query.grpc.RequestFields.invalid;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import dev.windrow.query.answer.Answer;
import dev.windrow.query.paging.PageStart;
import dev.windrow.query.paging.SummaryPageToken;
import dev.windrow.query.question.Question;
import dev.windrow.query.v1.DrilldownRequest;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.worth.Position;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The pages of one answer.
 *
 * @param start where the page asked for begins
 * @param scope what all of its pages have in common
 */
@SuppressWarnings("ArrayRecordComponent")
record SummaryPages(PageStart start, byte[] scope) {

  /**
   * The pages that a request asks for.
   *
   * @throws dev.windrow.runtime.error.WindrowException INVALID_ARGUMENT, naming field and rule
   */
  static SummaryPages of(SummarizeRequest request, Question asked) {
    Optional<Position.OfSnapshot> position =
        Positions.of("position", request.getPosition(), "require", request.getRequire());
    SummarizeRequest common =
        request.toBuilder().clearPageToken().clearLimit().clearExplain().build();
    return of(common, asked, position, request.getPageToken());
  }

  /**
   * Likewise.
   *
   * @param common what all pages are asked for with
   * @param asked whose metrics, by now of a certain version, are the same on all pages
   * @param position as of which the first page is asked for
   * @param token empty for the first page
   */
  private static SummaryPages of(
      Message common, Question asked, Optional<Position.OfSnapshot> position, String token) {
    byte[] scope = scope(common, asked);
    if (token.isEmpty()) {
      return new SummaryPages(PageStart.first(position), scope);
    }
    try {
      PageStart start = SummaryPageToken.decode(token, scope);
      if (start.window().filter(w -> asked.window().intersect(w).equals(w)).isPresent()) {
        return new SummaryPages(start, scope);
      }
    } catch (IllegalArgumentException e) {
      // As one of another window.
    }
    throw invalid(
        "page_token", "must be a next_page_token of this request, but for limit and explain");
  }

  /** Likewise, of what a row is made of. */
  static SummaryPages of(DrilldownRequest request, Question parts) {
    DrilldownRequest.Builder common =
        request.toBuilder().clearPageToken().clearLimit().clearExplain();
    common.getQuestionBuilder().clearPageToken().clearLimit().clearExplain().clearOrderBy();
    return of(common.build(), parts, Drilldowns.position(request), request.getPageToken());
  }

  /** The token of the page after this answer; empty if there is none. */
  String next(Answer answer) {
    if (answer.next().isEmpty()) {
      return "";
    }
    Position.OfSnapshot position = new Position.OfSnapshot(answer.facts().position());
    PageStart next =
        new PageStart(
            Optional.of(position),
            answer.next().getAsInt(),
            Optional.of(answer.question().window()));
    return SummaryPageToken.encode(next, scope);
  }

  private static byte[] scope(Message common, Question asked) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      // Maps have no order of their own.
      out.useDeterministicSerialization();
      out.writeMessageNoTag(common);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    bytes.writeBytes(asked.metrics().toString().getBytes(StandardCharsets.UTF_8));
    return bytes.toByteArray();
  }
}
