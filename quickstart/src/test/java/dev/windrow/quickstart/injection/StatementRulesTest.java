package dev.windrow.quickstart.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.windrow.quickstart.injection.violating.SelectByName;
import dev.windrow.quickstart.injection.violating.SelectFiltered;
import dev.windrow.quickstart.injection.violating.TenantFinder;
import org.junit.jupiter.api.Test;

class StatementRulesTest {
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.windrow.ingest", "dev.windrow.query", "dev.windrow.runtime");

  @Test
  void sql_isSentByStatementsOnly() {
    StatementRules.sentByStatements().check(OURS);
    assertThat(violations(StatementRules.sentByStatements(), TenantFinder.class))
        .contains("TenantFinder: sends SQL and is not named as a statement");
  }

  @Test
  void sql_outsideOfQuestions_isConstant() {
    StatementRules.constant().check(OURS);
    assertThat(violations(StatementRules.constant(), SelectByName.class))
        .contains("SelectByName: sends SQL and puts texts together");
  }

  @Test
  void sqlOfQuestions_hasTextsOfCallersAsParametersOnly() {
    StatementRules.withoutTextsOfCallers().check(OURS);
    assertThat(violations(StatementRules.withoutTextsOfCallers(), SelectFiltered.class))
        .contains("Filter$Comparison.values()");
  }

  private static String violations(ArchRule rule, Class<?> violating) {
    return rule.evaluate(new ClassFileImporter().importClasses(violating))
        .getFailureReport()
        .toString();
  }
}
