/** How far an answer is from that of another system. */
@NullMarked
package dev.windrow.query.drift;

import org.jspecify.annotations.NullMarked;
