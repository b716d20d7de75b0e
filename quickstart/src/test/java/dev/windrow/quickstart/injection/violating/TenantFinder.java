package dev.windrow.quickstart.injection.violating;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;

/** A constant, but where nobody looks for SQL. */
public final class TenantFinder {
  private TenantFinder() {}

  public static Statement of(Connection connection) {
    return connection.createStatement("SELECT FROM tenants");
  }
}
