package dev.windrow.ingest.flush;

import dev.windrow.ingest.accept.AttributeText;
import dev.windrow.ingest.copy.EventRow;
import dev.windrow.rollup.EventFacts;

/**
 * What the fold reads of a row. One instance moves from row to row; its texts are those of the
 * lane's terms, so that equal ones are one object. For one thread.
 */
final class RowFacts implements EventFacts {
  private final EventRow row = new EventRow();
  private final Terms sources;
  private final Terms types = new Terms();
  private final Terms statuses = new Terms();
  private final Terms entities = new Terms();
  private Terms.Term entity;
  private long batchId;
  private int batchIndex;

  RowFacts(Terms sources) {
    this.sources = sources;
    this.entity = entities.of(new byte[0], 0, 0);
  }

  /**
   * Tells of another row.
   *
   * @param batch that writes it
   * @param index its place in that batch
   */
  void moveTo(byte[] bytes, int start, long batch, int index) {
    row.moveTo(bytes, start);
    batchId = batch;
    batchIndex = index;
    entity = term(entities, EventRow.ENTITY_ID);
  }

  private Terms.Term term(Terms terms, int field) {
    return terms.of(row.bytes(), row.start(field), row.length(field));
  }

  @Override
  public long occurredAtMicros() {
    return row.occurredAtMicros();
  }

  @Override
  public long batchId() {
    return batchId;
  }

  @Override
  public int batchIndex() {
    return batchIndex;
  }

  @Override
  public String source() {
    return term(sources, EventRow.SOURCE).text();
  }

  @Override
  public String type() {
    return term(types, EventRow.TYPE).text();
  }

  @Override
  public String entityId() {
    return entity.text();
  }

  @Override
  public String status() {
    return term(statuses, EventRow.STATUS).text();
  }

  @Override
  public boolean hasValue() {
    return row.has(EventRow.VALUE);
  }

  @Override
  public double value() {
    return row.value();
  }

  @Override
  public long amount() {
    return row.amount();
  }

  @Override
  public String attribute(String name) {
    return AttributeText.of(row.text(EventRow.ATTRIBUTES), name);
  }

  @Override
  public long entityHash() {
    return entity.entityHash();
  }
}
