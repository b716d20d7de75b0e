package dev.windrow.ingest.flush;

import dev.windrow.ingest.lane.AppendOutcome;
import java.util.List;

/**
 * A COMMIT on its way: what the requests are told if it takes effect, and by what to know its
 * transaction again.
 *
 * @param stamp of the row that the transaction left in {@code ingest_batches}
 */
record SentCommit(BeginBatch.Stamp stamp, List<AppendOutcome> outcomes) {}
