/**
 * Proof R10: what callers send, byte by byte. A target takes any bytes and throws if they are not
 * answered cleanly; JUnit runs the corpus, and Jazzer whatever it makes of it.
 */
@NullMarked
package dev.windrow.query.fuzz;

import org.jspecify.annotations.NullMarked;
