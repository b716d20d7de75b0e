package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.testing.TestStore;
import dev.windrow.query.testing.WatchStream;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.query.v1.WatchSummaryRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many who watch the same, and one who does not read. */
class WatchSharingIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int WATCHERS = 1_000;
  // As many as a connection may have.
  private static final int PER_CONNECTION = 100;
  private static final int SMALLEST_WINDOW = 65_535;

  private final List<ManagedChannel> channels = new ArrayList<>();
  private QueryHarness harness;
  private TestStore store;

  @BeforeEach
  void start() throws IOException {
    harness =
        QueryHarness.start(
            Map.of("WINDROW_WATCH_POLL", "PT0.05S", "WINDROW_DRAIN_TIMEOUT", "PT1S"));
    store = harness.store();
  }

  @AfterEach
  void stop() {
    channels.forEach(ManagedChannel::shutdownNow);
    harness.close();
  }

  @Test
  void aThousandWatchers_costOneReadForEachChange() throws SQLException {
    store.writeLive(1, events(1));
    List<WatchStream> streams =
        IntStream.range(0, WATCHERS).mapToObj(i -> watch(i, request(question()))).toList();
    await().atMost(PATIENCE).until(() -> streams.stream().allMatch(s -> s.count() == 1));
    assertThat(read()).isEqualTo(1);

    for (int change = 2; change <= 4; change++) {
      store.writeLive(change, events(1));
      long count = change;
      await().atMost(PATIENCE).until(() -> streams.stream().allMatch(s -> s.count() == count));
      assertThat(read()).isEqualTo(change);
    }
    assertThat(streams).allSatisfy(stream -> assertThat(stream.answers()).hasSize(4));
  }

  @Test
  void sameQuestion_inOtherWords_isTheSame_andAnotherIsNot() throws SQLException {
    store.writeLive(1, events(1));
    WatchStream one = watch(0, request(question().setFilter("source = s").setLimit(0)));
    WatchStream other = watch(0, request(question().setFilter("source=\"s\"").setLimit(1_000)));
    await().atMost(PATIENCE).until(() -> one.count() == 1 && other.count() == 1);
    assertThat(read()).isEqualTo(1);
    WatchStream different = watch(0, request(question().setFilter("source = t")));
    await().atMost(PATIENCE).until(() -> different.count() == 0);
    assertThat(read()).isEqualTo(2);
  }

  @Test
  void slowWatcher_isToldTheNewestOnly_andHoldsUpNobody() throws SQLException {
    store.writeLive(1, events(3_000));
    var large = large();
    WatchStream slow = WatchStream.openUnread(connect(), large);
    WatchStream fast = watch(0, large);
    await().atMost(PATIENCE).until(() -> fast.count() == 1);
    int changes = 12;
    for (int i = 1; i <= changes; i++) {
      long count = i + 1L;
      store.writeLive(1 + i, events(1));
      await().atMost(PATIENCE).until(() -> fast.count() == count);
    }
    assertThat(fast.answers()).hasSize(1 + changes);

    slow.read(100);
    await().atMost(PATIENCE).until(() -> slow.count() == changes + 1);
    // What was on its way, and the newest.
    assertThat(slow.answers().size()).isLessThanOrEqualTo(3);
  }

  @Test
  void slowWatcher_doesNotHoldUpAServerThatStops() throws SQLException {
    store.writeLive(1, events(3_000));
    WatchStream slow = WatchStream.openUnread(connect(), large());
    WatchStream fast = watch(0, large());
    await().atMost(PATIENCE).until(() -> fast.count() == 1);
    assertThat(CompletableFuture.runAsync(harness.server()::close)).succeedsWithin(PATIENCE);
    slow.read(100);
    await().atMost(PATIENCE).until(slow::isOver);
  }

  // More than a connection takes that is not read from.
  private static WatchSummaryRequest large() {
    return request(question().addGroupBy("entity_id").setOrderBy("count desc").setLimit(3_000));
  }

  private long read() {
    return harness.server().watchedQuestionsRead();
  }

  private WatchStream watch(int number, WatchSummaryRequest request) {
    while (channels.size() <= number / PER_CONNECTION) {
      connect();
    }
    return WatchStream.open(channels.get(number / PER_CONNECTION), request);
  }

  private ManagedChannel connect() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", harness.server().port())
            .flowControlWindow(SMALLEST_WINDOW)
            .usePlaintext()
            .build();
    channels.add(channel);
    return channel;
  }

  private static WatchSummaryRequest request(SummarizeRequest.Builder question) {
    return WatchSummaryRequest.newBuilder().setQuestion(question).setMaxPushesPerSecond(10).build();
  }

  private static SummarizeRequest.Builder question() {
    return SummarizeRequest.newBuilder()
        .setWindow(
            TimeWindow.newBuilder()
                .setStartTime(Timestamps.fromSeconds(0))
                .setEndTime(Timestamps.fromSeconds(86_400)));
  }

  private static List<TestEvent> events(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> TestEvent.of(i, "s", "t", "entity-" + i))
        .toList();
  }
}
