package dev.windrow.ingest.accept;

import static dev.windrow.ingest.accept.TestAcceptance.ACCEPTANCE;
import static dev.windrow.ingest.accept.TestAcceptance.NOW;
import static dev.windrow.ingest.accept.TestAcceptance.accept;
import static dev.windrow.ingest.accept.TestAcceptance.acceptance;
import static dev.windrow.ingest.accept.TestAcceptance.accepted;
import static dev.windrow.ingest.accept.TestAcceptance.event;
import static dev.windrow.ingest.accept.TestAcceptance.number;
import static dev.windrow.ingest.accept.TestAcceptance.rejected;
import static dev.windrow.ingest.accept.TestAcceptance.struct;
import static dev.windrow.ingest.accept.TestAcceptance.text;
import static dev.windrow.ingest.accept.TestAcceptance.time;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import com.google.protobuf.util.Timestamps;
import dev.windrow.event.v1.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventAcceptanceTest {
  @Test
  void accept_ofAWholeEvent_keepsEveryField() {
    StoredRow event = accepted(event());

    assertThat(event.occurredAtMicros())
        .isEqualTo(Timestamps.toMicros(time("2020-06-01T11:00:00.123456Z")));
    assertThat(event.source()).isEqualTo("source");
    assertThat(event.type()).isEqualTo("type");
    assertThat(event.entityId()).isEqualTo("entity");
    assertThat(event.status()).isEqualTo("ok");
    assertThat(event.value()).isEqualTo(1.5);
    assertThat(event.amount()).isEqualTo(-7);
    assertThat(event.attributes()).isEqualTo("{\"region\":\"eu\",\"zone\":\"b\"}");
    assertThat(event.payload()).isEqualTo("{\"a\":\"x\",\"b\":2}");
    assertThat(event.eventId()).isEqualTo("id");
  }

  @Test
  void accept_ofOnlyRequiredFields_leavesTheOthersAbsent() {
    StoredRow event =
        accepted(
            Event.newBuilder()
                .setOccurredAt(time("2020-06-01T11:00:00Z"))
                .setSource("s")
                .setType("t")
                .setEntityId("e"));

    assertThat(event.value()).isNull();
    assertThat(event.amount()).isNull();
    assertThat(event.attributes()).isNull();
    assertThat(event.payload()).isNull();
    assertThat(event.status()).isEmpty();
    assertThat(event.eventId()).isEmpty();
    assertThat(event.contentHash()).isZero();
  }

  @Test
  void accept_ofGoodAndBad_keepsOrderAndIndexes() {
    AcceptedBatch batch =
        accept(
            ACCEPTANCE,
            event().setEntityId("0").build(),
            event().clearType().build(),
            event().setEntityId("2").build(),
            event().clearSource().build());

    List<StoredRow> rows = StoredRow.of(batch.accepted());
    assertThat(rows).extracting(StoredRow::index).containsExactly(0, 2);
    assertThat(rows).extracting(StoredRow::entityId).containsExactly("0", "2");
    assertThat(batch.rejected()).extracting(RejectedEvent::index).containsExactly(1, 3);
  }

  @Test
  void accept_withoutARequiredField_namesIt() {
    assertThat(rejected(event().clearOccurredAt())).isEqualTo("MISSING_FIELD occurred_at");
    assertThat(rejected(event().clearSource())).isEqualTo("MISSING_FIELD source");
    assertThat(rejected(event().clearType())).isEqualTo("MISSING_FIELD type");
    assertThat(rejected(event().clearEntityId())).isEqualTo("MISSING_FIELD entity_id");
    assertThat(rejected(event().putAttributes("", "x"))).isEqualTo("MISSING_FIELD attributes");
  }

  @Test
  void accept_ofTextsAtTheirLimits_takesThem() {
    StoredRow event =
        accepted(
            event()
                .setSource("s".repeat(200))
                .setType("t".repeat(200))
                .setEntityId("e".repeat(500))
                .setStatus("o".repeat(200))
                .setEventId("i".repeat(200))
                .putAttributes("n".repeat(100), "v".repeat(1000)));

    assertThat(event.entityId()).hasSize(500);
  }

  @Test
  void accept_ofTextsBeyondTheirLimits_refusesThem() {
    assertThat(rejected(event().setSource("s".repeat(201)))).isEqualTo("TOO_LONG source");
    assertThat(rejected(event().setType("t".repeat(201)))).isEqualTo("TOO_LONG type");
    assertThat(rejected(event().setEntityId("e".repeat(501)))).isEqualTo("TOO_LONG entity_id");
    assertThat(rejected(event().setStatus("o".repeat(201)))).isEqualTo("TOO_LONG status");
    assertThat(rejected(event().setEventId("i".repeat(201)))).isEqualTo("TOO_LONG event_id");
    assertThat(rejected(event().putAttributes("n".repeat(101), "")))
        .isEqualTo("TOO_LONG attributes");
    assertThat(rejected(event().putAttributes("n", "v".repeat(1001))))
        .isEqualTo("TOO_LONG attributes.n");
  }

  @Test
  void accept_ofCharactersBeyondThePlane_countsCodeUnits() {
    String pair = "\uD834\uDD1E";

    assertThat(accepted(event().setSource(pair.repeat(100))).source()).hasSize(200);
    assertThat(rejected(event().setSource(pair.repeat(101)))).isEqualTo("TOO_LONG source");
  }

  @Test
  void accept_ofManyAttributes_takes32() {
    Event.Builder event = event().clearAttributes();
    for (int i = 0; i < 32; i++) {
      event.putAttributes("a" + i, "");
    }

    assertThat(accepted(event).attributes()).contains("a0", "a31");
    assertThat(rejected(event.putAttributes("one more", ""))).isEqualTo("TOO_LONG attributes");
  }

  @Test
  void accept_ofU0000_refusesItWhereverItIs() {
    assertThat(rejected(event().setSource("a\0"))).isEqualTo("INVALID_VALUE source");
    assertThat(rejected(event().setType("a\0"))).isEqualTo("INVALID_VALUE type");
    assertThat(rejected(event().setEntityId("a\0"))).isEqualTo("INVALID_VALUE entity_id");
    assertThat(rejected(event().setStatus("a\0"))).isEqualTo("INVALID_VALUE status");
    assertThat(rejected(event().setEventId("a\0"))).isEqualTo("INVALID_VALUE event_id");
    assertThat(rejected(event().putAttributes("a\0", ""))).isEqualTo("INVALID_VALUE attributes");
    assertThat(rejected(event().putAttributes("a", "\0"))).isEqualTo("INVALID_VALUE attributes.a");
    assertThat(rejected(event().setPayload(struct("a\0", text("")))))
        .isEqualTo("INVALID_VALUE payload");
    assertThat(rejected(event().setPayload(struct("a", text("\0")))))
        .isEqualTo("INVALID_VALUE payload");
  }

  @Test
  void accept_ofValues_takesAllThatAreFinite() {
    assertThat(accepted(event().setValue(Double.MAX_VALUE)).value()).isEqualTo(Double.MAX_VALUE);
    assertThat(accepted(event().setValue(Double.MIN_VALUE)).value()).isEqualTo(Double.MIN_VALUE);
    for (double bad : new double[] {Double.NaN, 1 / 0.0, -1 / 0.0}) {
      assertThat(rejected(event().setValue(bad))).isEqualTo("INVALID_VALUE value");
    }
  }

  @Test
  void accept_ofAmounts_takesTheWholeRange() {
    assertThat(accepted(event().setAmount(Long.MIN_VALUE)).amount()).isEqualTo(Long.MIN_VALUE);
    assertThat(accepted(event().setAmount(Long.MAX_VALUE)).amount()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void accept_ofTimes_isExactAtTheBordersOfThePolicy() {
    Timestamp oldest = time("2020-05-22T12:00:00.5Z");
    Timestamp newest = time("2020-06-01T12:01:00.5Z");
    Duration nano = Duration.newBuilder().setNanos(1).build();

    assertThat(accepted(event().setOccurredAt(oldest)).occurredAtMicros())
        .isEqualTo(Timestamps.toMicros(oldest));
    assertThat(accepted(event().setOccurredAt(newest)).occurredAtMicros())
        .isEqualTo(Timestamps.toMicros(newest));
    assertThat(rejected(event().setOccurredAt(Timestamps.subtract(oldest, nano))))
        .isEqualTo("TOO_OLD occurred_at");
    assertThat(rejected(event().setOccurredAt(Timestamps.add(newest, nano))))
        .isEqualTo("TOO_FAR_IN_FUTURE occurred_at");
  }

  @Test
  void accept_underAPolicyWithoutLimit_stopsAtTheFloorOfPartitions() {
    EventAcceptance all =
        acceptance(java.time.Duration.ofDays(365_000), java.time.Duration.ofDays(365_000));
    Event.Builder floor = event().setOccurredAt(time("1900-01-01T00:00:00Z"));
    Event.Builder before = event().setOccurredAt(time("1899-12-31T23:59:59.999999999Z"));

    assertThat(accepted(all, floor).source()).isEqualTo("source");
    assertThat(rejected(all, before)).isEqualTo("TOO_OLD occurred_at");
  }

  @Test
  void accept_ofTimesOutsideTheCalendar_refusesThem() {
    for (Timestamp.Builder bad :
        List.of(
            Timestamp.newBuilder().setSeconds(-62_135_596_801L),
            Timestamp.newBuilder().setSeconds(253_402_300_800L),
            Timestamp.newBuilder().setSeconds(Long.MIN_VALUE),
            Timestamp.newBuilder().setSeconds(Long.MAX_VALUE),
            Timestamp.newBuilder().setSeconds(NOW.getEpochSecond()).setNanos(-1),
            Timestamp.newBuilder().setSeconds(NOW.getEpochSecond()).setNanos(1_000_000_000))) {
      assertThat(rejected(event().setOccurredAt(bad))).isEqualTo("INVALID_VALUE occurred_at");
    }
  }

  @Test
  void accept_ofTheEndsOfTheCalendar_asksThePolicy() {
    assertThat(rejected(event().setOccurredAt(time("0001-01-01T00:00:00Z"))))
        .isEqualTo("TOO_OLD occurred_at");
    assertThat(rejected(event().setOccurredAt(time("9999-12-31T23:59:59.999999999Z"))))
        .isEqualTo("TOO_FAR_IN_FUTURE occurred_at");
  }

  @Test
  void accept_ofNanoseconds_cutsThemOffTowardsThePast() {
    EventAcceptance all =
        acceptance(java.time.Duration.ofDays(365_000), java.time.Duration.ofDays(1));
    Event.Builder event = event().setOccurredAt(time("1969-12-31T23:59:59.999999999Z"));

    long micros = accepted(all, event).occurredAtMicros();

    assertThat(micros).isEqualTo(-1);
  }

  @Test
  void accept_ofPayloads_takes64KiBOfJson() {
    // {"k":"..."} around the text.
    int room = (64 << 10) - 8;

    assertThat(accepted(event().setPayload(struct("k", text("x".repeat(room))))).payload())
        .hasSize(64 << 10);
    assertThat(rejected(event().setPayload(struct("k", text("x".repeat(room + 1))))))
        .isEqualTo("TOO_LONG payload");
    assertThat(rejected(event().setPayload(struct("k", text("x".repeat(room - 1) + "é")))))
        .isEqualTo("TOO_LONG payload");
    assertThat(rejected(event().setPayload(struct("k", text("x".repeat(room - 1) + "\"")))))
        .isEqualTo("TOO_LONG payload");
  }

  @Test
  void accept_ofPayloads_writesEveryKindOfValue() {
    Value list =
        Value.newBuilder()
            .setListValue(ListValue.newBuilder().addValues(number(-0.5)).addValues(text("é\"\\")))
            .build();
    Struct payload =
        struct(
            "bool",
            Value.newBuilder().setBoolValue(true).build(),
            "list",
            list,
            "none",
            Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build(),
            "object",
            Value.newBuilder().setStructValue(struct("x", number(1e15))).build(),
            "unset",
            Value.getDefaultInstance(),
            "zero",
            number(-0.0));

    String json = accepted(event().setPayload(payload)).payload();

    assertThat(json)
        .isEqualTo(
            "{\"bool\":true,\"list\":[-0.5,\"é\\\"\\\\\"],\"none\":null,\"object\":{\"x\":1.0E15},"
                + "\"unset\":null,\"zero\":0}");
  }

  @Test
  void accept_ofPayloadNumbersThatAreNotFinite_refusesThem() {
    for (double bad : new double[] {Double.NaN, 1 / 0.0, -1 / 0.0}) {
      assertThat(rejected(event().setPayload(struct("k", number(bad)))))
          .isEqualTo("INVALID_VALUE payload");
    }
  }

  @Test
  void bytes_ofABatch_coverWhatItsEventsHold() {
    AcceptedBatch small = accept(ACCEPTANCE, event().build());
    AcceptedBatch large =
        accept(ACCEPTANCE, event().setPayload(struct("k", text("x".repeat(50_000)))).build());

    assertThat(large.bytes() - small.bytes()).isGreaterThan(49_000);
  }

  @Test
  void bytes_ofABatchOfRefusedEvents_coverTheirRefusals() {
    AcceptedBatch batch = accept(ACCEPTANCE, Event.getDefaultInstance());

    assertThat(batch.bytes()).isGreaterThan(batch.rejected().get(0).message().length());
  }
}
