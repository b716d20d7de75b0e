/**
 * What every statement is made of: constant text, numbered parameters, the columns of a dimension.
 */
@NullMarked
package dev.windrow.query.sql;

import org.jspecify.annotations.NullMarked;
