package dev.windrow.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.catalog.AdvisoryLock;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Modules that do not know each other take locks of the same database. */
class AdvisoryLocksTest {
  private static final Pattern CLASS = Pattern.compile("x'([0-9a-f]{8})'::integer");
  private static final List<String> OTHERS =
      List.of("dev.windrow.runtime.job.LockQueue", "dev.windrow.query.catalog.LockChanges");

  @Test
  void locks_thatMeanDifferentThings_haveDifferentClasses() throws Exception {
    List<Integer> classes = new ArrayList<>();
    for (AdvisoryLock lock : AdvisoryLock.values()) {
      classes.add(lock.classId());
    }
    for (String statement : OTHERS) {
      Field sql = Class.forName(statement).getDeclaredField("SQL");
      sql.setAccessible(true);
      Matcher lock = CLASS.matcher((String) sql.get(null));
      assertThat(lock.find()).as(statement).isTrue();
      classes.add(Integer.parseUnsignedInt(lock.group(1), 16));
    }
    assertThat(classes).doesNotHaveDuplicates().hasSize(AdvisoryLock.values().length + 2);
  }
}
