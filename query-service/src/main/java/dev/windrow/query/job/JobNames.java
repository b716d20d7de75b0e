package dev.windrow.query.job;

import dev.windrow.runtime.error.Failure;
import java.util.regex.Pattern;

/** What jobs are called: {@code jobs/} and an id. */
final class JobNames {
  private static final String PREFIX = "jobs/";
  private static final Pattern NAME = Pattern.compile("jobs/[0-9a-f-]{36}");

  private JobNames() {}

  static String of(String id) {
    return PREFIX + id;
  }

  /**
   * The id of a name.
   *
   * @throws dev.windrow.runtime.error.WindrowException INVALID_ARGUMENT, if it is none
   */
  static String id(String name) {
    if (!NAME.matcher(name).matches()) {
      throw Failure.invalid("name", "must be the name of a job, as jobs/ and its id").toException();
    }
    return name.substring(PREFIX.length());
  }
}
