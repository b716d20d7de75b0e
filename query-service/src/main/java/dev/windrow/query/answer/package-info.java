/** From folded rows to an answer: values, order, limit, and what it is worth. */
@NullMarked
package dev.windrow.query.answer;

import org.jspecify.annotations.NullMarked;
