package dev.windrow.quickstart.injection;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvent;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.windrow.runtime.sql.ReadSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where SQL comes from. A statement is a class named by a verb and a noun, and its text is
 * constants. Only the statements of questions write theirs, for a question may have any shape; they
 * write it from their own constants and the numbers of parameters, and where they touch a text of
 * the caller is listed here, so that a further place is seen by whoever adds it.
 */
final class StatementRules {
  private static final Set<String> SENDING = Set.of("createStatement", "createBatch", "copyIn");
  private static final Set<String> READING = Set.of("forEach", "one");

  private static final String STATEMENT =
      "(Select|Find|Load|Take|Read|Register|Note|Claim|Begin|Become|Lock|Advance|Save|Mark|Declare"
          + "|Record|Summarize|Fold|Index|Insert|Delete|Update|Notify|Avoid"
          + "|Move|Attach|Detach|Drop|Cancel|Renew|End)[A-Z]\\w*";

  /** What sends SQL that is in another class, or settings of its connection. */
  private static final Set<String> SENDERS =
      Set.of(
          "dev.windrow.runtime.sql.ReadSession",
          "dev.windrow.query.read.EventScan",
          "dev.windrow.ingest.flush.LaneConnection",
          "dev.windrow.ingest.flush.FlushTransaction",
          "dev.windrow.ingest.compaction.Merge",
          "dev.windrow.ingest.seal.DaySealer",
          "dev.windrow.runtime.sql.Listening");

  /** Where statements are constants: of jobs, and of the catalogue. */
  private static final Set<String> CONSTANT =
      Set.of("dev.windrow.runtime.job", "dev.windrow.query.catalog");

  /** What writes parts of statements for others. */
  private static final Set<String> WRITERS =
      Set.of(
          "dev.windrow.query.read.EventScan",
          "dev.windrow.query.read.RowShape",
          "dev.windrow.query.read.AggregateColumns",
          "dev.windrow.query.read.BucketRows",
          "dev.windrow.query.latest.LatestColumns");

  /** Where a text of the caller becomes a parameter, or of a row one of an answer. */
  private static final Map<String, Set<String>> TEXTS_OF_CALLERS =
      Map.ofEntries(
          entry("dev.windrow.query.filter.Filter$Comparison.values", "FilterConditions"),
          entry("dev.windrow.rollup.Dimension.attributeName", "EventColumns"),
          entry("dev.windrow.query.question.Question.shareStatuses", "RowShape"),
          entry("dev.windrow.query.question.Metric.statuses", "SelectDailyHealth"),
          entry("dev.windrow.query.listing.Listing.snapshot", "SelectEventPage"),
          entry("dev.windrow.query.worth.Position$OfSnapshot.text", "SelectDisturbance"),
          entry("dev.windrow.query.watch.AsOf.position", "SelectChanges"),
          entry("dev.windrow.query.segment.Seen.position", "SelectChangedTimes"),
          entry("dev.windrow.query.latest.Pair.entityId", "SelectLatestOfPairs", "LatestColumns"),
          entry("dev.windrow.query.latest.Pair.type", "SelectLatestOfPairs", "LatestColumns"),
          entry("dev.windrow.query.latest.LatestPageToken.snapshot", "LatestColumns"),
          // Compared with the names of columns, and in the message of an error.
          entry("dev.windrow.rollup.Dimension.name", "EventColumns"),
          entry("dev.windrow.rollup.RollupDefinition.name", "DimensionColumns"));

  /** How texts are put together, where the compiler does not do it by itself. */
  private static final Set<String> COMPOSING =
      Set.of("format", "formatted", "append", "join", "joining", "concat", "replace", "replaceAll");

  /**
   * Write numbers into their texts, of parameters, or names from their own constants: of the
   * dimensions of a key, of the digits of a date.
   */
  private static final Set<String> NUMBERS_ONLY =
      Set.of(
          "dev.windrow.ingest.compaction.TakeBuckets",
          "dev.windrow.ingest.recompute.ReadDayEvents",
          "dev.windrow.ingest.seal.IndexRuns",
          "dev.windrow.ingest.retention.AttachPartition",
          "dev.windrow.ingest.retention.DetachPartition",
          "dev.windrow.ingest.retention.DropPartition",
          "dev.windrow.ingest.retention.FindDrift");

  private StatementRules() {}

  private static Map.Entry<String, Set<String>> entry(String accessor, String... callers) {
    return Map.entry(accessor, Set.of(callers));
  }

  /** Only statements send SQL. */
  static ArchRule sentByStatements() {
    return classes()
        .that(send())
        .should(
            new ArchCondition<>("be statements") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                JavaClass outer = outermost(type);
                boolean statement = outer.getSimpleName().matches(STATEMENT);
                if (!statement && !SENDERS.contains(outer.getName())) {
                  events.add(violated(type, "sends SQL and is not named as a statement"));
                }
              }
            });
  }

  /** Outside of questions, a statement is constants. */
  static ArchRule constant() {
    return classes()
        .that(send())
        .and(DescribedPredicate.not(writeQuestions()))
        .should(
            new ArchCondition<>("not put texts together") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                JavaClass outer = outermost(type);
                if (!NUMBERS_ONLY.contains(outer.getName())
                    && outer.getSimpleName().matches(STATEMENT)
                    && (concatenates(type) || composes(type))) {
                  events.add(violated(type, "sends SQL and puts texts together"));
                }
              }
            })
        .allowEmptyShould(true);
  }

  /** A statement that is written has no text of the caller but as a parameter. */
  static ArchRule withoutTextsOfCallers() {
    return classes()
        .that(writeQuestions())
        .should(
            new ArchCondition<>("take texts from each other only") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                type.getMethodCallsFromSelf().stream()
                    .filter(StatementRules::yieldsText)
                    .filter(call -> !isAllowed(call))
                    .forEach(call -> events.add(violated(type, call.getDescription())));
              }
            });
  }

  private static DescribedPredicate<JavaClass> send() {
    return DescribedPredicate.describe(
        "send SQL",
        type ->
            type.getMethodCallsFromSelf().stream()
                .map(JavaMethodCall::getTarget)
                .anyMatch(StatementRules::sends));
  }

  private static boolean sends(CodeUnitCallTarget target) {
    return SENDING.contains(target.getName())
        || (READING.contains(target.getName())
            && target.getOwner().isEquivalentTo(ReadSession.class));
  }

  private static DescribedPredicate<JavaClass> writeQuestions() {
    return DescribedPredicate.describe(
        "write the SQL of questions",
        type ->
            type.getPackageName().startsWith("dev.windrow.query.sql")
                || WRITERS.contains(outermost(type).getName())
                || (readsSession(outermost(type)) && !isConstant(type)));
  }

  // Their statements are, though they are sent as those of questions are.
  private static boolean isConstant(JavaClass type) {
    return CONSTANT.contains(type.getPackageName());
  }

  private static boolean readsSession(JavaClass type) {
    return type.getMethodCallsFromSelf().stream()
        .anyMatch(call -> call.getTargetOwner().isEquivalentTo(ReadSession.class));
  }

  private static boolean yieldsText(JavaMethodCall call) {
    JavaClass owner = call.getTargetOwner();
    JavaClass yielded = call.getTarget().getRawReturnType();
    return owner.getPackageName().startsWith("dev.windrow")
        && !outermost(owner).equals(outermost(call.getOriginOwner()))
        && !writeQuestions().test(owner)
        && (yielded.isEquivalentTo(String.class)
            || yielded.isAssignableTo(Collection.class)
            || yielded.isAssignableTo(Map.class)
            || yielded.isEquivalentTo(Optional.class)
            || yielded.getName().equals(String[].class.getName()));
  }

  private static boolean isAllowed(JavaMethodCall call) {
    String target = call.getTargetOwner().getName() + "." + call.getTarget().getName();
    Set<String> listed = TEXTS_OF_CALLERS.get(target);
    return listed == null
        ? holdsNoText(call)
        : listed.contains(outermost(call.getOriginOwner()).getSimpleName());
  }

  /** Lists of what is no text, whose own texts are other calls; and what a row of ours says. */
  private static boolean holdsNoText(JavaMethodCall call) {
    return !call.getTarget().getRawReturnType().isEquivalentTo(String.class)
        ? call.getTarget().resolveMember().map(StatementRules::isOfNoText).orElse(false)
        : call.getTargetOwner().getName().equals("dev.windrow.query.read.Columns");
  }

  private static boolean isOfNoText(JavaMethod method) {
    return method.getReturnType().getAllInvolvedRawTypes().stream()
        .noneMatch(type -> type.isEquivalentTo(String.class));
  }

  private static boolean composes(JavaClass type) {
    return type.getMethodCallsFromSelf().stream()
        .anyMatch(
            call ->
                call.getTargetOwner().getPackageName().startsWith("java.")
                    && COMPOSING.contains(call.getTarget().getName()));
  }

  // "+" is an instruction, not a call, and refers to this by its name.
  private static boolean concatenates(JavaClass type) {
    try (InputStream in = type.getSource().orElseThrow().getUri().toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)
          .contains("makeConcatWithConstants");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(StatementRules::outermost).orElse(type);
  }

  private static ConditionEvent violated(JavaClass type, String why) {
    return SimpleConditionEvent.violated(type, type.getName() + ": " + why);
  }
}
