/** The catalogue of a tenant, and who changed it. */
@NullMarked
package dev.windrow.query.catalog;

import org.jspecify.annotations.NullMarked;
