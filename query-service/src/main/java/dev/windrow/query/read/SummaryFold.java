package dev.windrow.query.read;

import dev.windrow.query.question.Question;
import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.AggregateAccumulator;
import dev.windrow.rollup.RollupKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds rows up while they stream; what it holds is bounded by the groups, not by the rows. For the
 * statements of one session, whose rows come one after the other.
 */
public final class SummaryFold {
  private record CellKey(int interval, RollupKey group) {}

  private static final class Sums {
    final AggregateAccumulator aggregate = new AggregateAccumulator();
    final long[] shares;

    Sums(int shares) {
      this.shares = new long[shares];
    }
  }

  private final Map<CellKey, Sums> cells = new HashMap<>();
  private final int shares;
  private final Needs needs;
  private final ReadLimits limits;
  private long bucketRows;
  private long deltaRows;
  private long eventRows;
  private long keptRows;

  SummaryFold(Question question, ReadLimits limits) {
    shares = question.shareStatuses().size();
    needs = Needs.of(question);
    this.limits = limits;
  }

  void addBuckets(FoldRow row) {
    bucketRows += row.rows();
    add(row);
  }

  void addDeltas(FoldRow row) {
    deltaRows += row.rows();
    add(row);
  }

  void addEvents(FoldRow row) {
    countEvents(row.rows());
    add(row);
  }

  void addEvents(EventPart part) {
    countEvents(part.events());
    add(part);
  }

  /** Events that are themselves the delta. How many there are is bounded by who writes them. */
  void addDeltas(EventPart part) {
    deltaRows += part.events();
    add(part);
  }

  /**
   * Adds what was read of a part of the window.
   *
   * @throws dev.windrow.runtime.error.WindrowException if there are more groups, or raw events,
   *     than there may be
   */
  public void add(SummaryPart part) {
    Summary summary = part.summary();
    bucketRows += summary.bucketRows();
    deltaRows += summary.deltaRows();
    countEvents(summary.eventRows());
    keptRows += summary.keptRows();
    for (Cell cell : summary.cells()) {
      Sums sums = sums(part.firstInterval() + cell.interval(), cell.group());
      sums.aggregate.merge(cell.aggregate());
      addShares(sums, cell.shareCounts());
    }
  }

  /** All that was added; nothing of it stays here. */
  public Summary toSummary() {
    List<Cell> all = new ArrayList<>(cells.size());
    cells.forEach(
        (key, sums) -> {
          Aggregate aggregate = sums.aggregate.toAggregate();
          if (aggregate.count() > 0) {
            List<Long> counts = new ArrayList<>(shares);
            for (long count : sums.shares) {
              counts.add(count);
            }
            all.add(new Cell(key.interval(), key.group(), aggregate, counts));
          }
        });
    cells.clear();
    return new Summary(all, bucketRows, deltaRows, eventRows, keptRows);
  }

  private void add(FoldRow row) {
    Sums sums = sums(row.interval(), row.group());
    sums.aggregate.merge(row.aggregate());
    addShares(sums, row.shareCounts());
  }

  private void add(EventPart part) {
    Sums sums = sums(part.interval(), part.group());
    part.addTo(sums.aggregate, needs);
    addShares(sums, part.shareCounts());
  }

  private void countEvents(long rows) {
    eventRows += rows;
    if (eventRows > limits.maxRawRows()) {
      throw TooCostly.rawScan(
          limits,
          "narrow the window, or ask for what a rollup has, and of now instead of a position");
    }
  }

  private static void addShares(Sums sums, List<Long> counts) {
    for (int i = 0; i < counts.size(); i++) {
      sums.shares[i] += counts.get(i);
    }
  }

  private Sums sums(int interval, RollupKey group) {
    CellKey key = new CellKey(interval, group);
    Sums sums = cells.get(key);
    if (sums == null) {
      if (cells.size() == limits.maxGroups()) {
        throw TooCostly.groups(limits);
      }
      sums = new Sums(shares);
      cells.put(key, sums);
    }
    return sums;
  }
}
