package dev.windrow.query.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.MetricCatalog;
import dev.windrow.query.question.MetricDefinition;
import dev.windrow.query.report.Report;
import dev.windrow.query.report.ReportKind;
import dev.windrow.query.report.StoredReport;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportSpecsTest {
  private static final MetricCatalog CATALOG =
      new MetricCatalog(
          List.of(
              new MetricDefinition(
                  "uptime", 1, Metric.statusShare(List.of("ok")).defined("uptime", 1), "", 0)));

  private static final String SUMMARY =
      """
      {"schemaVersion": 2, "windows": [{"name": "7d", "length": "604800s", "alignTo": "INTERVAL_DAY"}],
       "breakdowns": [{"name": "all"}, {"name": "source", "groupBy": ["source"], "orderBy": "count desc"}],
       "filterDimensions": ["type"], "baseFilter": "type = check", "metrics": [{"measure": "MEASURE_COUNT"}],
       "defaultLimit": 10, "maxLimit": 100, "cacheTtl": "1.5s"}\
      """;

  private static final String HEALTH =
      """
      {"schemaVersion": 1, "windows": [{"name": "1d", "length": "86400s"}],
       "breakdowns": [{"name": "entity", "groupBy": ["entity_id"], "intervals": ["INTERVAL_DAY"]}],
       "defaultLimit": 10, "maxLimit": 100}\
      """;

  @Test
  void summary_isReadAsItIsStored() {
    Report report = of("SUMMARY", SUMMARY);
    assertThat(report.kind()).isEqualTo(ReportKind.SUMMARY);
    assertThat(report.schemaVersion()).isEqualTo(2);
    assertThat(report.windows().get(0).lengthMicros()).isEqualTo(604_800_000_000L);
    assertThat(report.windows().get(0).alignTo()).isEqualTo(IntervalUnit.DAY);
    assertThat(report.longestMicros()).isZero();
    assertThat(report.breakdowns().get(0).intervals()).containsExactly(IntervalUnit.NONE);
    assertThat(report.breakdowns().get(1).order()).hasSize(1);
    assertThat(report.baseFilter().dimensions()).hasSize(1);
    assertThat(report.ttl()).isEqualTo(Duration.ofMillis(1500));
  }

  @Test
  void dailyHealth_withoutMetrics_takesTheCataloguesUptime() {
    Report report = of("DAILY_HEALTH", HEALTH);
    assertThat(report.metrics()).extracting(Metric::name).containsExactly("uptime");
    assertThat(report.metrics().get(0).statuses()).containsExactly("ok");
    assertThat(report.metrics().get(0).version()).isOne();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"schemaVersion\": 2 | \"schemaVersion\": 0 | schema_version: must be at least 1, got 0",
        "\"windows\" | \"windoms\" | spec: Cannot find field: windoms",
        "604800s | soon | spec: Failed to parse",
        "604800s | 0s | windows[0].length: must be more than 0",
        "604800s | 999999999s | windows[0].length: must be more than 0 and at most 3,660 days",
        "INTERVAL_DAY | INTERVAL_DECADE | spec: Invalid enum value",
        "\"name\": \"source\" | \"name\": \"all\" | breakdowns: each name once, got all again",
        "\"name\": \"source\" | \"name\": \"\" | breakdowns[1].name: is required",
        "[\"source\"] | [\"color\"] | breakdowns[1].group_by[0]: must be type",
        "count desc | amount | breakdowns[1].order_by",
        "[\"type\"] | [\"types\"] | filter_dimensions.name: must be type",
        "type = check | type = | base_filter.filter",
        "MEASURE_COUNT | MEASURE_PERCENTILE | metrics[0].percentile: must be from 0 to 100",
        "\"measure\": \"MEASURE_COUNT\" | \"definition\": \"uptime\" | metrics[0].version: a definition",
        "\"defaultLimit\": 10 | \"defaultLimit\": 101 | default_limit: must be from 1 to max_limit",
        "\"maxLimit\": 100 | \"maxLimit\": 10001 | max_limit: must be from 1 to 10000, got 10001",
        "1.5s | 86401s | cache_ttl: must be from 0 to a day",
        "1.5s | -1s | cache_ttl: must be from 0 to a day",
      })
  void wrongSpec_isToldByFieldAndRule(String right, String wrong, String problem) {
    assertThat(SUMMARY).contains(right);
    assertThatThrownBy(() -> of("SUMMARY", SUMMARY.replace(right, wrong)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource({"null", "[]", "7", "{}", "'{\"windows\": 7}'", "'{\"windows\": [null]}'"})
  void whateverElseIsStored_isAProblemToo(String spec) {
    assertThatThrownBy(() -> of("SUMMARY", spec)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void dailyHealth_hasItsOwnShape() {
    String bySource = HEALTH.replace("\"entity_id\"", "\"source\"");
    assertThatThrownBy(() -> of("DAILY_HEALTH", bySource))
        .hasMessageContaining("breakdowns: daily");
    String counting = HEALTH.replace("{\"schema", "{\"metrics\": [{\"measure\": 1}], \"schema");
    assertThatThrownBy(() -> of("DAILY_HEALTH", counting)).hasMessageContaining("metrics: daily");
  }

  @Test
  void unknownKind_isAProblem() {
    assertThatThrownBy(() -> of("FORECAST", SUMMARY))
        .hasMessage("kind: must be one of [SUMMARY, DAILY_HEALTH], got FORECAST");
  }

  private static Report of(String kind, String spec) {
    return ReportSpecs.of(new StoredReport("r", 1, kind, "", "", spec, 0), CATALOG);
  }
}
