package dev.windrow.benchmarks.query;

import java.sql.SQLException;
import java.util.List;

/** Asks one question over one connection; for one thread. */
interface Asker extends AutoCloseable {
  /** Asks, and reads all of the answer. */
  Answered ask() throws Exception;

  @Override
  void close() throws SQLException;

  /** An answer that has been read. To make rows of it is not part of asking. */
  @FunctionalInterface
  interface Answered {
    List<AnswerRow> rows();
  }

  /** Makes askers of one question. */
  @FunctionalInterface
  interface Source {
    Asker open() throws Exception;
  }
}
