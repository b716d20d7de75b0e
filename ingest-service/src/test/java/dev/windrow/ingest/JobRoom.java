package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import dev.windrow.job.v1.CreateRollupJob;
import dev.windrow.job.v1.EventName;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.ReadJobResultResponse;
import dev.windrow.job.v1.RecomputeJob;
import dev.windrow.job.v1.RetireRollupJob;
import dev.windrow.job.v1.VerifyJob;
import dev.windrow.job.v1.VoidEventsJob;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.runtime.config.Settings;
import dev.windrow.runtime.job.Job;
import dev.windrow.runtime.job.JobSettings;
import dev.windrow.runtime.job.JobSignals;
import dev.windrow.runtime.job.Jobs;
import dev.windrow.runtime.job.NewJob;
import dev.windrow.runtime.sql.DatabaseSettings;
import dev.windrow.runtime.sql.ReadPool;
import dev.windrow.runtime.sql.WriteTransactions;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Where jobs are asked for, as query-service does, and looked at. */
final class JobRoom implements AutoCloseable {
  private final ConnectionPool pool;
  private final JobSignals signals;
  private final Jobs jobs;

  JobRoom(TestDatabase database) {
    Settings settings = new Settings(database.settings());
    ConnectionFactory factory = DatabaseSettings.from(settings).connectionFactory("job-room");
    pool = ReadPool.of(factory, 2);
    signals = new JobSignals(factory);
    jobs =
        new Jobs(
            new WriteTransactions(pool),
            "default",
            new JobSettings(0, 1, 1_000, Duration.ofSeconds(1), Duration.ofHours(1), 1 << 30),
            signals);
  }

  /** Its id. */
  String create(JobSpec spec) {
    String kind = spec.getKindCase().name().toLowerCase(Locale.ROOT);
    try {
      String json = JsonFormat.printer().print(spec);
      return got(jobs.create(new NewJob("", kind, json, Optional.empty(), Optional.empty()))).id();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  Job find(String id) {
    return got(jobs.find(id));
  }

  Job cancel(String id) {
    return got(jobs.cancel(id));
  }

  /** All pages of one that has succeeded. */
  List<ReadJobResultResponse> pages(Job job) {
    List<ReadJobResultResponse> pages = new ArrayList<>();
    try {
      for (int page = 0; page < job.pageCount(); page++) {
        pages.add(ReadJobResultResponse.parseFrom(got(jobs.page(job.id(), page))));
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
    assertThat(jobs.page(job.id(), job.pageCount()).blockOptional()).isEmpty();
    return pages;
  }

  static JobSpec repair(LocalDate from, LocalDate to) {
    return JobSpec.newBuilder()
        .setVerify(VerifyJob.newBuilder().setWindow(window(from, to)).setRepair(true))
        .build();
  }

  static JobSpec recompute(LocalDate from, LocalDate to) {
    return JobSpec.newBuilder()
        .setRecompute(RecomputeJob.newBuilder().setWindow(window(from, to)))
        .build();
  }

  static JobSpec createRollup(String name, List<String> dimensions) {
    return JobSpec.newBuilder()
        .setCreateRollup(CreateRollupJob.newBuilder().setRollup(name).addAllDimensions(dimensions))
        .build();
  }

  static JobSpec retireRollup(String name) {
    return JobSpec.newBuilder()
        .setRetireRollup(RetireRollupJob.newBuilder().setRollup(name))
        .build();
  }

  static JobSpec voidEvents(List<EventName> events) {
    return JobSpec.newBuilder()
        .setVoidEvents(VoidEventsJob.newBuilder().addAllEvents(events).setReason("a test"))
        .build();
  }

  private static TimeWindow window(LocalDate from, LocalDate to) {
    return TimeWindow.newBuilder()
        .setStartTime(Timestamps.fromSeconds(from.atStartOfDay().toEpochSecond(ZoneOffset.UTC)))
        .setEndTime(Timestamps.fromSeconds(to.atStartOfDay().toEpochSecond(ZoneOffset.UTC)))
        .build();
  }

  private static <T> T got(Mono<T> mono) {
    return Objects.requireNonNull(mono.block(Duration.ofSeconds(60)));
  }

  @Override
  public void close() {
    signals.close();
    pool.dispose();
  }
}
