package dev.windrow.query.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.StringValue;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultPagesTest {
  @Test
  void pages_endAfterAThousandRows() {
    List<StringValue> rows = Collections.nCopies(2_001, StringValue.of("row"));
    assertThat(ResultPages.of(rows)).extracting(List::size).containsExactly(1_000, 1_000, 1);
    assertThat(ResultPages.of(rows.subList(0, 1_000)))
        .extracting(List::size)
        .containsExactly(1_000);
  }

  @Test
  void pages_endWhenTheyAreLarge() {
    List<StringValue> rows = Collections.nCopies(5, StringValue.of("x".repeat(600_000)));
    assertThat(ResultPages.of(rows)).extracting(List::size).containsExactly(2, 2, 1);
  }

  @Test
  void noRows_areOneEmptyPage() {
    assertThat(ResultPages.of(List.of())).containsExactly(List.of());
  }
}
