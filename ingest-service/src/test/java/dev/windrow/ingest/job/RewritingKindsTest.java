package dev.windrow.ingest.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.runtime.config.Instance;
import dev.windrow.runtime.job.JobKind;
import dev.windrow.runtime.sql.DatabaseSettings;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

class RewritingKindsTest {
  @Test
  void names_areThoseOfTheKinds() {
    var nowhere =
        new DatabaseSettings("localhost", 1, "none", "none", "").connectionFactory("test");

    assertThat(
            RewritingKinds.of(nowhere, 1, new Instance("", ""), Set.of(), Schedulers.immediate()))
        .extracting(JobKind::name)
        .containsExactlyInAnyOrderElementsOf(RewritingKinds.NAMES);
  }
}
