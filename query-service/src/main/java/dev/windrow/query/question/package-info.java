/** What is asked, validated: windows, intervals, metrics, order. */
@NullMarked
package dev.windrow.query.question;

import org.jspecify.annotations.NullMarked;
