/** Promise 2, tested: every plan of every question equals brute force over the events. */
@NullMarked
package dev.windrow.quickstart.exactness;

import org.jspecify.annotations.NullMarked;
