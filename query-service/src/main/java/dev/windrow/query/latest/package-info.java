/** The newest event of each pair of a type and an entity, as of one instant. */
@NullMarked
package dev.windrow.query.latest;

import org.jspecify.annotations.NullMarked;
