package dev.windrow.ingest.copy;

import dev.windrow.ingest.accept.AcceptedEvent;

/** Writes events. */
public final class CopyEvents {
  public static final String SQL =
      """
      COPY events (tenant_id, occurred_at, batch_id, batch_index, source, type, entity_id, status,
                   value, amount, attributes, payload, event_id)
      FROM STDIN (FORMAT binary)
      """;

  private static final int COLUMNS = 13;

  private CopyEvents() {}

  public static void append(
      CopyFrame frame, int tenantId, long batchId, int batchIndex, AcceptedEvent event) {
    frame.row(COLUMNS);
    frame.integerField(tenantId);
    frame.timestampField(event.occurredAtMicros());
    frame.bigintField(batchId);
    frame.integerField(batchIndex);
    frame.textField(event.source());
    frame.textField(event.type());
    frame.textField(event.entityId());
    frame.textField(event.status());
    frame.doubleField(event.optionalValue());
    frame.bigintField(event.optionalAmount());
    frame.textField(event.attributesJson());
    frame.textField(event.payloadJson());
    frame.textField(event.eventId().isEmpty() ? null : event.eventId());
  }
}
