/** What tests of both services share. */
@NullMarked
package dev.windrow.quickstart.testing;

import org.jspecify.annotations.NullMarked;
