/** Reports: questions that have a name, kept as rows, and answers that are given again. */
@NullMarked
package dev.windrow.query.report;

import org.jspecify.annotations.NullMarked;
