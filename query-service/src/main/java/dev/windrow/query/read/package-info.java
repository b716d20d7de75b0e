/** Reading the rows of a plan in one snapshot, folded while they stream. */
@NullMarked
package dev.windrow.query.read;

import org.jspecify.annotations.NullMarked;
