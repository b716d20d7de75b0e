package dev.windrow.query.job;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.windrow.event.v1.Event;
import dev.windrow.job.v1.ExportJob;
import dev.windrow.job.v1.ReadJobResultResponse;
import dev.windrow.query.grpc.EventCalls;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.v1.ListEventsResponse;
import dev.windrow.query.v1.StoredEvent;
import dev.windrow.runtime.job.JobKind;
import dev.windrow.runtime.job.JobRun;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Copies events out as lines of JSON. It reads them as a listing does, page by page, all as of the
 * instant of the first one; so no snapshot is held for as long as the job runs.
 */
public final class ExportKind implements JobKind {
  private static final int PAGE_CHARS = 1 << 20;
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();

  private final EventCalls events;
  private final Duration pageTimeLimit;

  /**
   * Events that are copied so.
   *
   * @param pageTimeLimit of one page of events
   */
  public ExportKind(EventCalls events, Duration pageTimeLimit) {
    this.events = events;
    this.pageTimeLimit = pageTimeLimit;
  }

  @Override
  public String name() {
    return "export";
  }

  @Override
  public Mono<Void> run(JobRun run) {
    Copy copy = new Copy(run);
    return Mono.defer(() -> events.page(copy.next(), pageTimeLimit).timeout(pageTimeLimit))
        // Not on the connection's event loop, which others need.
        .publishOn(Schedulers.parallel())
        .flatMap(copy::add)
        .repeat(copy::isUnderWay)
        .then(Mono.defer(copy::end));
  }

  /**
   * A copy under way, whose lines are gathered until they fill a page of the result. One call at a
   * time; the signals between them order what they see.
   */
  private static final class Copy {
    private final JobRun run;
    private final ExportJob export;
    private final StringBuilder text = new StringBuilder();
    private String token = "";
    private boolean isUnderWay = true;
    private long events;

    Copy(JobRun run) {
      this.run = run;
      this.export = JobSpecs.read(run.job().spec()).getExport();
    }

    ListEventsRequest next() {
      return JobRequests.listing(export, token);
    }

    boolean isUnderWay() {
      return isUnderWay;
    }

    Mono<Void> add(ListEventsResponse page) {
      for (StoredEvent stored : page.getEventsList()) {
        text.append(line(stored.getEvent())).append('\n');
      }
      events += page.getEventsCount();
      token = page.getNextPageToken();
      isUnderWay = !token.isEmpty();
      run.progress(events, 0);
      return text.length() < PAGE_CHARS ? Mono.empty() : write();
    }

    /** What is left; an export of nothing has one empty page. */
    Mono<Void> end() {
      run.progress(events, events);
      return text.isEmpty() && events > 0 ? Mono.empty() : write();
    }

    private Mono<Void> write() {
      ReadJobResultResponse page =
          ReadJobResultResponse.newBuilder().setJsonLines(text.toString()).build();
      text.setLength(0);
      return run.addPage(page.toByteArray());
    }

    private static String line(Event event) {
      try {
        return PRINTER.print(event);
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("an event has no JSON form", e);
      }
    }
  }
}
