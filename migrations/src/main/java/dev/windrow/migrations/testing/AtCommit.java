package dev.windrow.migrations.testing;

/** What becomes of a COMMIT that passes a {@link TcpProxy}, and of its connection. */
public enum AtCommit {
  /** It passes. */
  PASS,
  /** The server gets it, the client's connection ends, and the answer is lost. */
  LOSE_ANSWER,
  /** Both connections end, and the server does not get it. */
  LOSE_COMMIT,
  /** The client's connection ends; the server gets it when the proxy is told to release it. */
  DELAY_COMMIT
}
