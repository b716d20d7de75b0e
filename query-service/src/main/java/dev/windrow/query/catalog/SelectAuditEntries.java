package dev.windrow.query.catalog;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.windrow.catalog.v1.AuditEntry;
import dev.windrow.query.grpc.Times;
import dev.windrow.query.sql.Micros;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Reads who changed what, the newest first. */
final class SelectAuditEntries {
  private static final String SQL =
      """
      SELECT entry_id, recorded_at, actor, action, resource, resource_id, metadata::text
      FROM audit_entries
      WHERE tenant_id = (SELECT tenant_id FROM tenants WHERE name = $1) AND entry_id < $2
        AND ($3 = '' OR resource = $3) AND ($4 = '' OR resource_id = $4) AND ($5 = '' OR actor = $5)
      ORDER BY entry_id DESC
      LIMIT $6
      """;

  private SelectAuditEntries() {}

  static Mono<List<AuditEntry>> read(ReadSession session, String tenant, AuditFilter filter) {
    List<AuditEntry> entries = new ArrayList<>();
    return session
        .forEach(
            SQL,
            statement ->
                statement
                    .bind("$1", tenant)
                    .bind("$2", filter.before())
                    .bind("$3", filter.resource())
                    .bind("$4", filter.resourceId())
                    .bind("$5", filter.actor())
                    .bind("$6", filter.page().size()),
            row -> entries.add(entry(row)))
        .thenReturn(entries);
  }

  private static AuditEntry entry(Row row) {
    return AuditEntry.newBuilder()
        .setEntryId(Objects.requireNonNull(row.get(0, Long.class)))
        .setRecordTime(
            Times.timestamp(Micros.of(Objects.requireNonNull(row.get(1, OffsetDateTime.class)))))
        .setActor(text(row, 2))
        .setAction(text(row, 3))
        .setResource(text(row, 4))
        .setResourceId(text(row, 5))
        .setMetadata(struct(text(row, 6)))
        .build();
  }

  private static Struct struct(String json) {
    Struct.Builder struct = Struct.newBuilder();
    try {
      JsonFormat.parser().merge(json, struct);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("audit_entries: metadata must be an object", e);
    }
    return struct.build();
  }

  private static String text(Row row, int index) {
    return Objects.requireNonNull(row.get(index, String.class));
  }
}
