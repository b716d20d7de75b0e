package dev.windrow.ingest.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class OldTransactionsTest {
  private final OldTransactions transactions = new OldTransactions();

  @Test
  void areGone_whenThoseOfTheFirstListHaveEnded_whoeverHasCome() {
    assertThat(transactions.areGone("move", Set.of("3/1", "4/7"))).isFalse();
    assertThat(transactions.areGone("move", Set.of("4/7", "3/2"))).isFalse();
    assertThat(transactions.areGone("move", Set.of("3/2", "4/8"))).isTrue();
  }

  @Test
  void areGone_atOnce_ifNobodyIsThere() {
    assertThat(transactions.areGone("move", Set.of())).isTrue();
  }

  @Test
  void keepOnly_forgetsTheOthers() {
    assertThat(transactions.areGone("one", Set.of("3/1"))).isFalse();
    assertThat(transactions.areGone("other", Set.of("3/1"))).isFalse();

    transactions.keepOnly(Set.of("one"));

    assertThat(transactions.areGone("one", Set.of("3/2"))).isTrue();
    assertThat(transactions.areGone("other", Set.of("3/2"))).isFalse();
  }
}
