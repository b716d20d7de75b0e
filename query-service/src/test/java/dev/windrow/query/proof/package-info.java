/** The numbered proofs of the read path: what callers may do to it, at a size that tells. */
@NullMarked
package dev.windrow.query.proof;

import org.jspecify.annotations.NullMarked;
