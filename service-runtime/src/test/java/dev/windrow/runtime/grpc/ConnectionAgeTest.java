package dev.windrow.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionAgeTest {
  @ParameterizedTest
  @ValueSource(strings = {"PT1S", "PT5M", "PT30M", "PT24H"})
  void streams_leaveAfterTheConnectionIsSurelyOfAge_andLongBeforeItIsCut(String maxAge) {
    Duration age = Duration.parse(maxAge);
    // gRPC takes an age of its own for each connection, up to a tenth earlier or later.
    Duration latest = age.plus(age.dividedBy(10));
    Duration earliestCut = age.minus(age.dividedBy(10)).plus(ConnectionAge.grace(age));

    assertThat(ConnectionAge.leaving(age)).isGreaterThan(latest);
    assertThat(earliestCut.minus(ConnectionAge.leaving(age)))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(50));
  }

  @Test
  void untilLeaving_outsideOfACall_isUnknown() {
    assertThat(ConnectionAge.untilLeaving()).isEmpty();
  }
}
