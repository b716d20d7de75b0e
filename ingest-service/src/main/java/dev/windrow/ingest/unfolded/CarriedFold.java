package dev.windrow.ingest.unfolded;

import dev.windrow.rollup.FoldedRows;
import java.util.List;

/**
 * The fold of batches that are noted as unfolded for one rollup. Worth nothing without their notes:
 * whoever writes it takes them back in the same transaction.
 */
public record CarriedFold(FoldedRows rows, List<Long> batchIds) {
  public CarriedFold {
    batchIds = List.copyOf(batchIds);
  }
}
