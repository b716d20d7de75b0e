/** Events, stores and oracles for tests. */
@NullMarked
package dev.windrow.query.testing;

import org.jspecify.annotations.NullMarked;
