package dev.windrow.ingest.job;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.windrow.job.v1.JobSpec;

/** Reads what a job is to do. */
final class JobSpecs {
  private JobSpecs() {}

  /** From its stored form; of a newer server it may have fields that are not known here. */
  static JobSpec read(String stored) {
    JobSpec.Builder spec = JobSpec.newBuilder();
    try {
      JsonFormat.parser().ignoringUnknownFields().merge(stored, spec);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("jobs: a spec cannot be read", e);
    }
    return spec.build();
  }
}
