/** Listing events themselves, page by page, as of one instant. */
@NullMarked
package dev.windrow.query.listing;

import org.jspecify.annotations.NullMarked;
