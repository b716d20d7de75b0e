package dev.windrow.query.job;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.query.sql.JsonText;
import dev.windrow.runtime.error.Failure;
import java.util.Locale;

/** The stored form of what a job is to do: JSON, because people read it in SQL. */
final class JobSpecs {
  private JobSpecs() {}

  /** What the kind of a spec is called. */
  static String kind(JobSpec spec) {
    return spec.getKindCase().name().toLowerCase(Locale.ROOT);
  }

  /**
   * A spec as it is stored.
   *
   * @throws dev.windrow.runtime.error.WindrowException INVALID_ARGUMENT, if no text can hold it
   */
  static String stored(JobSpec spec) {
    try {
      String json = JsonFormat.printer().omittingInsignificantWhitespace().print(spec);
      if (!JsonText.isStorable(json)) {
        throw Failure.invalid("spec", "must not contain U+0000").toException();
      }
      return json;
    } catch (InvalidProtocolBufferException e) {
      throw Failure.invalid("spec", "must have a JSON form").toException(e);
    }
  }

  /** A spec from its stored form; of a newer server it may have fields that are not known here. */
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
