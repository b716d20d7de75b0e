package dev.windrow.benchmarks.upkeep;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.windrow.job.v1.CreateJobRequest;
import dev.windrow.job.v1.Job;
import dev.windrow.job.v1.JobServiceGrpc;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.JobState;
import dev.windrow.job.v1.ReadJobResultRequest;
import dev.windrow.job.v1.ReadJobResultResponse;
import dev.windrow.job.v1.WaitJobRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.List;

/** Has jobs done, one after the other. */
final class JobClient implements AutoCloseable {
  private final ManagedChannel channel;

  JobClient(int port) {
    channel = NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
  }

  /** A job that has succeeded. */
  record Done(Job job, List<ReadJobResultResponse> result) {
    /** From when a worker began it until it ended, by the database's clock. */
    double seconds() {
      return Durations.toNanos(Timestamps.between(job.getStartTime(), job.getEndTime())) / 1e9;
    }
  }

  /** Waits for its end; one that fails breaks the run. */
  Done run(JobSpec spec) {
    JobServiceGrpc.JobServiceBlockingStub jobs = JobServiceGrpc.newBlockingStub(channel);
    Job job = jobs.createJob(CreateJobRequest.newBuilder().setSpec(spec).build()).getJob();
    while (job.getState() == JobState.JOB_STATE_PENDING
        || job.getState() == JobState.JOB_STATE_RUNNING) {
      job = jobs.waitJob(WaitJobRequest.newBuilder().setName(job.getName()).build()).getJob();
    }
    if (job.getState() != JobState.JOB_STATE_SUCCEEDED) {
      throw new IllegalStateException("a job must succeed, got " + job);
    }
    List<ReadJobResultResponse> result = new ArrayList<>();
    jobs.readJobResult(ReadJobResultRequest.newBuilder().setName(job.getName()).build())
        .forEachRemaining(result::add);
    return new Done(job, result);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
