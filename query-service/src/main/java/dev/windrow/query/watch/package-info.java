/** Questions that are asked again whenever their answers may have changed. */
@NullMarked
package dev.windrow.query.watch;

import org.jspecify.annotations.NullMarked;
