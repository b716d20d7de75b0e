package dev.windrow.query.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.windrow.event.v1.Event;
import dev.windrow.query.listing.EventPage;
import dev.windrow.query.listing.ListedEvent;
import dev.windrow.query.listing.Listing;
import dev.windrow.query.v1.ListEventsResponse;
import dev.windrow.query.v1.StoredEvent;
import dev.windrow.query.worth.NotKept;
import dev.windrow.runtime.config.Instance;
import java.util.List;

/** Writes a page of events as its response. */
final class ListEventsResponses {
  private ListEventsResponses() {}

  static ListEventsResponse of(Listing listing, EventPage page, Instance instance) {
    var info =
        AnswerInfos.of(instance, page.facts(), page.window(), 0, List.of(), page.completeness())
            .toBuilder();
    if (!page.window().equals(listing.window())) {
      info.setEffectiveWindowReason(NotKept.reason(listing.window(), page.window()));
    }
    var response =
        ListEventsResponse.newBuilder()
            .setNextPageToken(page.nextPageToken())
            .setInfo(info.setPosition(page.position()));
    page.events().forEach(event -> response.addEvents(stored(event)));
    return response.build();
  }

  private static StoredEvent stored(ListedEvent listed) {
    return StoredEvent.newBuilder()
        .setEvent(event(listed))
        .setBatchId(listed.batchId())
        .setBatchIndex(listed.batchIndex())
        .build();
  }

  private static Event event(ListedEvent listed) {
    var event =
        Event.newBuilder()
            .setOccurredAt(Times.timestamp(listed.occurredAtMicros()))
            .setSource(listed.source())
            .setType(listed.type())
            .setEntityId(listed.entityId())
            .setStatus(listed.status())
            .setEventId(listed.eventId());
    if (listed.value() != null) {
      event.setValue(listed.value());
    }
    if (listed.amount() != null) {
      event.setAmount(listed.amount());
    }
    if (listed.attributes() != null) {
      struct(listed.attributes())
          .getFieldsMap()
          .forEach((name, value) -> event.putAttributes(name, value.getStringValue()));
    }
    if (listed.payload() != null) {
      event.setPayload(struct(listed.payload()));
    }
    return event.build();
  }

  private static Struct struct(String json) {
    Struct.Builder struct = Struct.newBuilder();
    try {
      JsonFormat.parser().merge(json, struct);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("stored JSON is not an object", e);
    }
    return struct.build();
  }
}
