/** The pages of a summary: where one begins, and the token that asks for it. */
@NullMarked
package dev.windrow.query.paging;

import org.jspecify.annotations.NullMarked;
