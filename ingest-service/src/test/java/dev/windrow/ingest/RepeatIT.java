package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.ingest.v1.Rejection;
import dev.windrow.ingest.v1.RejectionReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A repeat is told what its original was told. */
class RepeatIT {
  private static IngestHarness harness;

  @BeforeAll
  static void start() {
    harness = IngestHarness.start();
  }

  @AfterAll
  static void stop() {
    harness.close();
  }

  private static AppendRequest numbered(String producer, long sequence, List<Event> events) {
    return AppendRequest.newBuilder()
        .addAllEvents(events)
        .setProducerId(producer)
        .setSequence(sequence)
        .build();
  }

  private static Event.Builder event(String type) {
    return IngestHarness.event("2001-01-01T00:00:00Z").setType(type);
  }

  private static AppendResponse append(AppendRequest request) {
    return harness.stub().append(request);
  }

  private static AppendResponse repeated(AppendResponse original) {
    return original.toBuilder().setDuplicateRequest(true).build();
  }

  private static long results(String producer) {
    return harness.number(
        "SELECT count(*) FROM append_results WHERE producer_id = '" + producer + "'");
  }

  @Test
  void repeat_ofWhatWasStored_isToldSo_withoutARow() {
    AppendRequest request =
        numbered("stored", 1, List.of(event("stored").build(), event("stored").build()));
    AppendResponse original = append(request);

    AppendResponse repeat = append(request);

    assertThat(original.getStoredCount()).isEqualTo(2);
    assertThat(original.getPosition()).isNotEmpty();
    assertThat(repeat).isEqualTo(repeated(original));
    assertThat(results("stored")).isZero();
    assertThat(harness.number("SELECT count(*) FROM events WHERE type = 'stored'")).isEqualTo(2);
  }

  @Test
  void repeat_ofAMixedResult_isToldTheSameCountsAndRejections() {
    Event known = event("mixed").setEventId("known").build();
    append(AppendRequest.newBuilder().addEvents(known).build());
    AppendRequest request =
        numbered(
            "mixed",
            1,
            List.of(
                event("mixed").build(),
                known,
                known.toBuilder().setAmount(9).build(),
                event("mixed").setEntityId("").build(),
                IngestHarness.event("2999-01-01T00:00:00Z").setType("mixed").build()));
    AppendResponse original = append(request);
    append(numbered("mixed", 2, List.of(event("mixed").build())));

    AppendResponse repeat = append(request);

    assertThat(original.getStoredCount()).isEqualTo(1);
    assertThat(original.getDuplicateCount()).isEqualTo(1);
    assertThat(original.getRejectionsList())
        .extracting(Rejection::getReason, Rejection::getRetryable)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                RejectionReason.REJECTION_REASON_PAYLOAD_MISMATCH, false),
            org.assertj.core.groups.Tuple.tuple(
                RejectionReason.REJECTION_REASON_MISSING_FIELD, false),
            org.assertj.core.groups.Tuple.tuple(
                RejectionReason.REJECTION_REASON_TOO_FAR_IN_FUTURE, true));
    // The counts and the rejections are those of the original; the ledger has gone on.
    assertThat(repeat)
        .isEqualTo(
            repeated(original).toBuilder()
                .setDurableSequence(2)
                .setPosition(repeat.getPosition())
                .build());
    assertThat(Long.parseLong(repeat.getPosition()))
        .isGreaterThan(Long.parseLong(original.getPosition()));
  }

  @Test
  void repeat_ofEventsThatWouldNotBeTakenNow_isToldThatTheyWereStored() {
    AppendRequest request = numbered("aged", 1, List.of(event("aged").build()));
    append(request);
    try (IngestHarness younger = IngestHarness.beside(harness, "WINDROW_MAX_EVENT_AGE", "P1D")) {
      AppendResponse repeat = younger.stub().append(request);

      assertThat(repeat.getDuplicateRequest()).isTrue();
      assertThat(repeat.getStoredCount()).isEqualTo(1);
      assertThat(repeat.getRejectionsList()).isEmpty();
    }
  }

  @Test
  void repeat_ofTenThousandRejections_isToldAllOfThem_belowTheLimitOfAMessage() {
    // The longest field that a rejection can name.
    String name = "✈".repeat(100);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      events.add(
          Event.newBuilder()
              .setOccurredAt(IngestHarness.event("2001-01-01T00:00:00Z").getOccurredAt())
              .setSource("s")
              .setType("t")
              .setEntityId("e")
              .putAttributes(name, "\0")
              .build());
    }
    AppendRequest request = numbered("many", 1, events);
    AppendResponse original = append(request);

    AppendResponse repeat = append(request);

    assertThat(original.getRejectionsCount()).isEqualTo(10_000);
    assertThat(original.getRejections(999).getMessage()).contains(name);
    assertThat(original.getRejections(1_000).getMessage()).isEmpty();
    assertThat(original.getRejections(9_999).getField()).isEqualTo("attributes." + name);
    assertThat(original.getSerializedSize()).isLessThan(4 << 20);
    assertThat(repeat).isEqualTo(repeated(original));
  }

  @Test
  void claim_isToldAPositionThatCoversWhatIsDurable() {
    AppendResponse stored = append(numbered("claim", 1, List.of(event("claim").build())));

    AppendResponse claim = append(AppendRequest.newBuilder().setProducerId("claim").build());

    assertThat(claim.getPosition()).isEqualTo(stored.getPosition());
    assertThat(claim.getDuplicateRequest()).isFalse();
    assertThat(append(AppendRequest.newBuilder().setProducerId("nobody").build()).getPosition())
        .isEmpty();
  }
}
