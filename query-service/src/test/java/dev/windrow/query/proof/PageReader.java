package dev.windrow.query.proof;

import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.v1.ListEventsResponse;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads a listing page by page; between {@link #ask} and {@link #read} a page lies unread. */
final class PageReader {
  private static final int PATIENCE_SECONDS = 30;

  private final Channel channel;
  private final ListEventsRequest.Builder request;
  private @Nullable ClientCall<ListEventsRequest, ListEventsResponse> call;
  private CompletableFuture<ListEventsResponse> page = new CompletableFuture<>();
  private CompletableFuture<Status> begun = new CompletableFuture<>();

  PageReader(Channel channel, TimeWindow window, int pageSize) {
    this.channel = channel;
    request = ListEventsRequest.newBuilder().setWindow(window).setPageSize(pageSize);
  }

  /** Asks for the next page and takes no more of it than gRPC does unasked. */
  void ask() {
    ClientCall<ListEventsRequest, ListEventsResponse> asked =
        channel.newCall(QueryServiceGrpc.getListEventsMethod(), CallOptions.DEFAULT);
    CompletableFuture<ListEventsResponse> next = new CompletableFuture<>();
    CompletableFuture<Status> begins = new CompletableFuture<>();
    asked.start(
        new ClientCall.Listener<>() {
          @Override
          public void onHeaders(Metadata headers) {
            begins.complete(Status.OK);
          }

          @Override
          public void onMessage(ListEventsResponse response) {
            next.complete(response);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            if (!status.isOk()) {
              begins.complete(status);
              next.completeExceptionally(status.asRuntimeException(trailers));
            }
          }
        },
        new Metadata());
    asked.sendMessage(request.build());
    asked.halfClose();
    page = next;
    begun = begins;
    call = asked;
  }

  /** Waits until the server has made the page that was asked for, or has refused to. */
  Status awaitBegun() throws Exception {
    return begun.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Reads the page that was asked for; after the last page comes the first.
   *
   * @return how many events it has
   */
  int read() throws Exception {
    if (call == null) {
      throw new IllegalStateException("no page was asked for");
    }
    // One message, and what ends the call.
    call.request(2);
    ListEventsResponse read = page.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    request.setPageToken(read.getNextPageToken());
    return read.getEventsCount();
  }
}
