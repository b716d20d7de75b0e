package dev.windrow.quickstart;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.windrow.ingest.IngestServer;
import org.junit.jupiter.api.Test;

/** The rules of the modules, from the one place that sees them all. */
class ArchitectureTest {
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.windrow");

  private static final String[] CONTRACTS = {
    "dev.windrow.event.v1..",
    "dev.windrow.ingest.v1..",
    "dev.windrow.query.v1..",
    "dev.windrow.job.v1.."
  };

  @Test
  void rollup_dependsOnNothingOfOurs_andDoesNoInputOrOutput() {
    noClasses()
        .that()
        .resideInAPackage("dev.windrow.rollup..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.windrow.runtime..",
            "dev.windrow.ingest..",
            "dev.windrow.query..",
            "dev.windrow.event..",
            "dev.windrow.job..",
            "dev.windrow.migrations..",
            "io.r2dbc..",
            "io.grpc..",
            "com.google.protobuf..",
            "reactor..",
            "java.sql..",
            "java.net..",
            "java.nio.file..")
        .check(OURS);
  }

  @Test
  void serviceRuntime_dependsOnNothingOfOurs() {
    noClasses()
        .that()
        .resideInAPackage("dev.windrow.runtime..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.windrow.rollup..",
            "dev.windrow.ingest..",
            "dev.windrow.query..",
            "dev.windrow.event..",
            "dev.windrow.job..",
            "dev.windrow.migrations..")
        .check(OURS);
  }

  @Test
  void theServices_neverDependOnEachOther_norOnTheMigrations() {
    noClasses()
        .that()
        .resideInAPackage("dev.windrow.ingest..")
        .should()
        // But for what the contracts share: the window of a job.
        .dependOnClassesThat(
            resideInAnyPackage("dev.windrow.query..", "dev.windrow.migrations..")
                .and(resideOutsideOfPackage("dev.windrow.query.v1..")))
        .check(OURS);
    noClasses()
        .that()
        .resideInAPackage("dev.windrow.query..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.windrow.ingest..", "dev.windrow.migrations..")
        .check(OURS);
  }

  @Test
  void protobufTypes_stopAtTheEdge() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.windrow.ingest.lane..",
            "dev.windrow.ingest.flush..",
            "dev.windrow.ingest.copy..",
            "dev.windrow.ingest.compaction..",
            "dev.windrow.ingest.recompute..",
            "dev.windrow.query.asof..",
            "dev.windrow.query.paging..",
            "dev.windrow.query.plan..",
            "dev.windrow.query.filter..",
            "dev.windrow.query.read..",
            "dev.windrow.query.question..",
            "dev.windrow.query.worth..",
            "dev.windrow.query.watch..",
            "dev.windrow.query.answer..",
            "dev.windrow.query.drift..",
            "dev.windrow.query.health..",
            "dev.windrow.query.latest..",
            "dev.windrow.query.report..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(CONTRACTS)
        .check(OURS);
  }

  @Test
  void r2dbcTypes_stopAtTheStore() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.windrow.ingest.grpc..",
            "dev.windrow.ingest.lane..",
            "dev.windrow.ingest.accept..",
            "dev.windrow.query.grpc..",
            "dev.windrow.query.paging..",
            "dev.windrow.query.plan..",
            "dev.windrow.query.filter..",
            "dev.windrow.query.question..",
            "dev.windrow.query.worth..",
            "dev.windrow.query.answer..",
            "dev.windrow.query.drift..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.r2dbc..")
        .check(OURS);
  }

  @Test
  void mainCode_neverBlocksOnReactor() {
    noClasses()
        .should()
        .callMethod(reactor.core.publisher.Mono.class, "block")
        .orShould()
        .callMethod(reactor.core.publisher.Flux.class, "blockFirst")
        .orShould()
        .callMethod(reactor.core.publisher.Flux.class, "blockLast")
        .check(OURS);
  }

  // Replicas whose clocks differ must agree: on leases, on what is due, and on when now is. Events
  // are
  // taken or not by the clock that IngestServer hands out.
  @Test
  void services_goByTheDatabasesClock() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.windrow.ingest..", "dev.windrow.query..", "dev.windrow.runtime..")
        .and()
        .doNotBelongToAnyOf(IngestServer.class)
        .should()
        .callMethodWhere(
            describe(
                "the machine is asked for the time",
                call -> tellsTime(call.getTargetOwner().getName(), call.getName())))
        .check(OURS);
  }

  private static boolean tellsTime(String owner, String method) {
    return (owner.startsWith("java.time.") && method.equals("now"))
        || (owner.equals("java.time.Clock") && method.startsWith("system"))
        || (owner.equals("java.lang.System") && method.equals("currentTimeMillis"));
  }

  @Test
  void packagesOfAService_haveNoCycles() {
    slices().matching("dev.windrow.ingest.(*)..").should().beFreeOfCycles().check(OURS);
    slices().matching("dev.windrow.query.(*)..").should().beFreeOfCycles().check(OURS);
    slices().matching("dev.windrow.runtime.(*)..").should().beFreeOfCycles().check(OURS);
  }
}
