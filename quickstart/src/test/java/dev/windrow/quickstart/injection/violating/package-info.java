/** What the rules of statements must find: nobody runs these. */
@NullMarked
package dev.windrow.quickstart.injection.violating;

import org.jspecify.annotations.NullMarked;
