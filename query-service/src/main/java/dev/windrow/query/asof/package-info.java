/** Questions as of the position of an earlier answer: whether it is reached, what came later. */
@NullMarked
package dev.windrow.query.asof;

import org.jspecify.annotations.NullMarked;
