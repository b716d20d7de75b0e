/** The health of entities day by day, from the checks themselves, in their order. */
@NullMarked
package dev.windrow.query.health;

import org.jspecify.annotations.NullMarked;
