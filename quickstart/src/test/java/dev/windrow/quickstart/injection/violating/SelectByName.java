package dev.windrow.quickstart.injection.violating;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;

/** Named as a statement is, but with a value in its text. */
public final class SelectByName {
  private SelectByName() {}

  public static Statement of(Connection connection, String name) {
    return connection.createStatement("SELECT FROM tenants WHERE name = '" + name + "'");
  }
}
