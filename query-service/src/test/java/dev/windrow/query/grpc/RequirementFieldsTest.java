package dev.windrow.query.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import dev.windrow.query.v1.Exactness;
import dev.windrow.query.v1.Requirements;
import dev.windrow.query.worth.Position;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.WindrowException;
import io.grpc.Status;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RequirementFieldsTest {
  @ParameterizedTest
  @MethodSource("badRequirements")
  void requirements_thatAreNone_nameTheField(String field, Requirements.Builder require) {
    assertThatThrownBy(() -> RequirementFields.of(require.build()))
        .isInstanceOfSatisfying(
            WindrowException.class,
            e -> {
              assertThat(e.failure().code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
              assertThat(e.failure().violations())
                  .extracting(Failure.FieldViolation::field)
                  .containsExactly(field);
            });
  }

  static Stream<Arguments> badRequirements() {
    return Stream.of(
        Arguments.of("require.max_staleness", staleness(0, 0)),
        Arguments.of("require.max_staleness", staleness(0, 999)),
        Arguments.of("require.max_staleness", staleness(-1, 0)),
        Arguments.of("require.max_staleness", staleness(0, -1)),
        Arguments.of("require.max_staleness", staleness(1, 1_000_000_000)),
        Arguments.of("require.max_staleness", staleness(315_576_000_001L, 0)),
        Arguments.of("require.min_coverage", coverage(-0.1)),
        Arguments.of("require.min_coverage", coverage(1.1)),
        Arguments.of("require.min_coverage", coverage(Double.NaN)),
        Arguments.of("require.exactness", Requirements.newBuilder().setExactnessValue(99)),
        Arguments.of("require.min_position", position("0")),
        Arguments.of("require.min_position", position("-1")),
        Arguments.of("require.min_position", position("12 ")),
        Arguments.of("require.min_position", position("9223372036854775808")),
        Arguments.of("require.min_position", position("9:8:")),
        Arguments.of("require.min_position", position("'; --")));
  }

  @Test
  void requirements_ofNothing_areNone() {
    assertThat(RequirementFields.of(Requirements.getDefaultInstance()))
        .isEqualTo(dev.windrow.query.worth.Requirements.NONE);
    assertThat(
            RequirementFields.of(
                Requirements.newBuilder().setExactness(Exactness.EXACTNESS_SNAPPED).build()))
        .isEqualTo(dev.windrow.query.worth.Requirements.NONE);
  }

  @Test
  void requirements_ofASketch_areAWholeWindow() {
    var required =
        RequirementFields.of(
            Requirements.newBuilder().setExactness(Exactness.EXACTNESS_SKETCH).build());
    assertThat(required.whole()).isTrue();
    assertThat(required.exact()).isFalse();
  }

  @Test
  void requirements_ofEverything_areTaken() {
    var required =
        RequirementFields.of(
            staleness(1, 1999)
                .setMinCoverage(0.5)
                .setExactness(Exactness.EXACTNESS_EXACT)
                .setMinPosition("12")
                .build());
    assertThat(required.maxStalenessMicros()).hasValue(1_000_001);
    assertThat(required.minCoverage()).isEqualTo(0.5);
    assertThat(required.exact()).isTrue();
    assertThat(required.whole()).isTrue();
    assertThat(required.minPosition()).contains(new Position.OfBatch(12));
    assertThat(RequirementFields.of(position("3:9:4").build()).minPosition())
        .contains(new Position.OfSnapshot("3:9:4"));
  }

  private static Requirements.Builder staleness(long seconds, int nanos) {
    return Requirements.newBuilder()
        .setMaxStaleness(Duration.newBuilder().setSeconds(seconds).setNanos(nanos));
  }

  private static Requirements.Builder coverage(double share) {
    return Requirements.newBuilder().setMinCoverage(share);
  }

  private static Requirements.Builder position(String text) {
    return Requirements.newBuilder().setMinPosition(text);
  }
}
