package dev.ovchat;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/**
 * Arrows between packages point one way, and each outside library is seen by those packages alone
 * that are named here.
 */
@AnalyzeClasses(
    packages = "dev.ovchat",
    importOptions = {
      DoNotIncludeTests.class,
      PackageDependencyTest.DoNotIncludeCompiledModules.class
    })
class PackageDependencyTest {

  /** Thousands of functions of WebAssembly, which see the runtime and nothing of ours. */
  static class DoNotIncludeCompiledModules implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("CompiledTemplateModule")
          && !location.contains("CompiledGrammarModule");
    }
  }

  @ArchTest
  static final ArchRule arrowsPointOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("message")
          .definedBy("dev.ovchat.message..")
          .layer("system")
          .definedBy("dev.ovchat.system..")
          .layer("files")
          .definedBy("dev.ovchat.files..")
          .layer("tokenizerfile")
          .definedBy("dev.ovchat.tokenizerfile..")
          .layer("schema")
          .definedBy("dev.ovchat.schema..")
          .layer("openvino")
          .definedBy("dev.ovchat.openvino..")
          .layer("modeldir")
          .definedBy("dev.ovchat.modeldir..")
          .layer("sandbox")
          .definedBy("dev.ovchat.sandbox..")
          .layer("template")
          .definedBy("dev.ovchat.template..")
          .layer("text")
          .definedBy("dev.ovchat.text..")
          .layer("grammar")
          .definedBy("dev.ovchat.grammar..")
          .layer("config")
          .definedBy("dev.ovchat.config..")
          .layer("sampling")
          .definedBy("dev.ovchat.sampling..")
          .layer("cache")
          .definedBy("dev.ovchat.cache..")
          .layer("generate")
          .definedBy("dev.ovchat.generate..")
          .layer("tool")
          .definedBy("dev.ovchat.tool..")
          .layer("chat")
          .definedBy("dev.ovchat.chat..")
          .layer("progress")
          .definedBy("dev.ovchat.progress..")
          .layer("graph")
          .definedBy("dev.ovchat.graph..")
          .layer("checkpoint")
          .definedBy("dev.ovchat.checkpoint..")
          .layer("gguf")
          .definedBy("dev.ovchat.gguf..")
          .layer("decoder")
          .definedBy("dev.ovchat.decoder..")
          .layer("compress")
          .definedBy("dev.ovchat.compress..")
          .layer("export")
          .definedBy("dev.ovchat.export..")
          .layer("table")
          .definedBy("dev.ovchat.table..")
          .layer("chart")
          .definedBy("dev.ovchat.chart..")
          .layer("display")
          .definedBy("dev.ovchat.display..")
          .layer("widget")
          .definedBy("dev.ovchat.widget..")
          .layer("live")
          .definedBy("dev.ovchat.live..")
          .layer("settings")
          .definedBy("dev.ovchat.settings..")
          .layer("experiment")
          .definedBy("dev.ovchat.experiment..")
          .layer("cli")
          .definedBy("dev.ovchat.cli..")
          .whereLayer("message")
          .mayNotAccessAnyLayer()
          .whereLayer("system")
          .mayNotAccessAnyLayer()
          .whereLayer("files")
          .mayOnlyAccessLayers("message")
          .whereLayer("tokenizerfile")
          .mayOnlyAccessLayers("files")
          .whereLayer("schema")
          .mayOnlyAccessLayers("message", "files")
          .whereLayer("openvino")
          .mayOnlyAccessLayers("message", "files", "system")
          .whereLayer("modeldir")
          .mayOnlyAccessLayers("message", "files", "openvino", "tokenizerfile")
          .whereLayer("sandbox")
          .mayNotAccessAnyLayer()
          .whereLayer("template")
          .mayOnlyAccessLayers("message", "files", "sandbox", "text")
          .whereLayer("text")
          .mayOnlyAccessLayers("message", "system", "modeldir", "tokenizerfile")
          .whereLayer("grammar")
          .mayOnlyAccessLayers("message", "system", "files", "sandbox", "schema", "text")
          .whereLayer("config")
          .mayOnlyAccessLayers("message", "files", "modeldir", "grammar")
          .whereLayer("sampling")
          .mayOnlyAccessLayers("text", "config", "grammar")
          .whereLayer("cache")
          .mayOnlyAccessLayers("system", "config", "modeldir", "openvino", "text")
          .whereLayer("generate")
          .mayOnlyAccessLayers(
              "system",
              "openvino",
              "modeldir",
              "files",
              "text",
              "grammar",
              "config",
              "sampling",
              "cache")
          .whereLayer("tool")
          .mayOnlyAccessLayers("files", "message", "schema", "template", "text", "grammar")
          .whereLayer("chat")
          .mayOnlyAccessLayers(
              "text",
              "template",
              "tokenizerfile",
              "modeldir",
              "config",
              "generate",
              "files",
              "message",
              "tool",
              "grammar")
          .whereLayer("progress")
          .mayOnlyAccessLayers("message", "files", "system")
          .whereLayer("graph")
          .mayNotAccessAnyLayer()
          .whereLayer("checkpoint")
          .mayOnlyAccessLayers("files", "graph", "tokenizerfile")
          .whereLayer("gguf")
          .mayOnlyAccessLayers("files", "graph", "checkpoint", "tokenizerfile")
          .whereLayer("decoder")
          .mayOnlyAccessLayers("files", "graph", "checkpoint")
          .whereLayer("compress")
          .mayOnlyAccessLayers("graph", "checkpoint")
          .whereLayer("export")
          .mayOnlyAccessLayers(
              "message",
              "files",
              "modeldir",
              "config",
              "graph",
              "checkpoint",
              "gguf",
              "decoder",
              "compress",
              "progress")
          .whereLayer("settings")
          .mayOnlyAccessLayers("modeldir", "export", "files")
          .whereLayer("table")
          .mayOnlyAccessLayers("chat", "generate", "text")
          .whereLayer("chart")
          .mayOnlyAccessLayers("message", "files")
          .whereLayer("display")
          .mayOnlyAccessLayers("message", "system", "openvino", "chart", "progress", "widget")
          .whereLayer("widget")
          .mayNotAccessAnyLayer()
          .whereLayer("live")
          .mayOnlyAccessLayers(
              "chart",
              "chat",
              "config",
              "display",
              "experiment",
              "files",
              "generate",
              "modeldir",
              "openvino",
              "progress",
              "sampling",
              "table",
              "text",
              "widget")
          .whereLayer("experiment")
          .mayOnlyAccessLayers(
              "message",
              "files",
              "system",
              "openvino",
              "modeldir",
              "text",
              "config",
              "generate",
              "progress",
              "decoder",
              "export")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule noCycles = slices().matching("dev.ovchat.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule layersAreMadeOfConfigs =
      noClasses()
          .that()
          .resideInAPackage("dev.ovchat.decoder")
          .should()
          .dependOnClassesThat(resideInAnyPackage("dev.ovchat.decoder.layers"));

  @ArchTest
  static final ArchRule onlyOpenvinoSeesThePreset = onlySeenBy("openvino", "org.bytedeco..");

  @ArchTest static final ArchRule onlyTextSeesDjl = onlySeenBy("text", "ai.djl..");

  @ArchTest
  static final ArchRule onlyThoseThatReadModelsAndWidgetsReadJson =
      noClasses()
          .that(
              resideOutsideOfPackages(
                  "dev.ovchat.files..",
                  "dev.ovchat.tokenizerfile..",
                  "dev.ovchat.modeldir..",
                  "dev.ovchat.schema..",
                  "dev.ovchat.checkpoint..",
                  "dev.ovchat.decoder..",
                  "dev.ovchat.widget.."))
          .should()
          .dependOnClassesThat(resideInAnyPackage("com.fasterxml.jackson..", "com.google.gson.."));

  @ArchTest
  static final ArchRule onlySchemaMakesSchemas = onlySeenBy("schema", "com.github.victools..");

  @ArchTest
  static final ArchRule onlySandboxSeesWebAssembly = onlySeenBy("sandbox", "run.endive..");

  @ArchTest
  static final ArchRule onlyThoseThatMakeTablesSeeTablesaw =
      noClasses()
          .that(
              resideOutsideOfPackages(
                  "dev.ovchat.table..",
                  "dev.ovchat.experiment..",
                  "dev.ovchat.chart..",
                  "dev.ovchat.display.."))
          .should()
          .dependOnClassesThat(resideInAnyPackage("tech.tablesaw.."));

  @ArchTest
  static final ArchRule onlyExperimentSeesStatistics =
      onlySeenBy("experiment", "org.apache.commons.statistics..");

  /** Tablesaw brings commons-math; our statistics are those of its successor. */
  @ArchTest
  static final ArchRule nobodySeesCommonsMath =
      noClasses().should().dependOnClassesThat(resideInAnyPackage("org.apache.commons.math3.."));

  @ArchTest
  static final ArchRule onlyDisplaySeesKernels =
      onlySeenBy("display", "org.dflib.jjava..", "io.github.spencerpark..");

  @ArchTest
  static final ArchRule onlyDisplayAndReportsWriteHtml =
      noClasses()
          .that(resideOutsideOfPackages("dev.ovchat.display..", "dev.ovchat.experiment.."))
          .should()
          .dependOnClassesThat(resideInAnyPackage("j2html.."));

  @ArchTest static final ArchRule onlyChartDraws = onlySeenBy("chart", "java.awt..");

  @ArchTest
  static final ArchRule onlyCliSeesPicocli =
      noClasses()
          .that(resideOutsideOfPackages("dev.ovchat.cli"))
          .should()
          .dependOnClassesThat(resideInAnyPackage("picocli.."));

  /** But for files, which hands JSON to those packages above that read models. */
  @ArchTest
  static final ArchRule publicSignaturesHoldNoNativeTypes =
      codeUnits()
          .that()
          .arePublic()
          .and()
          .areDeclaredInClassesThat()
          .arePublic()
          .and()
          .areDeclaredInClassesThat()
          .resideOutsideOfPackage("dev.ovchat.files..")
          .should(
              useNoTypesFrom(
                  "org.bytedeco..", "ai.djl..", "com.fasterxml.jackson..", "run.endive.."));

  @ArchTest
  static final ArchRule exceptionsAreUnchecked =
      classes()
          .that()
          .areAssignableTo(Exception.class)
          .should()
          .beAssignableTo(RuntimeException.class)
          .andShould()
          .haveSimpleNameEndingWith("Exception");

  private static ArchRule onlySeenBy(String owner, String... libraries) {
    return noClasses()
        .that(resideOutsideOfPackages("dev.ovchat." + owner + ".."))
        .should()
        .dependOnClassesThat(resideInAnyPackage(libraries));
  }

  private static ArchCondition<JavaCodeUnit> useNoTypesFrom(String... packages) {
    DescribedPredicate<JavaClass> foreign = resideInAnyPackage(packages);
    return new ArchCondition<>("use no types from " + String.join(", ", packages)) {
      @Override
      public void check(JavaCodeUnit method, ConditionEvents events) {
        boolean leaks =
            foreign.test(method.getRawReturnType())
                || method.getRawParameterTypes().stream().anyMatch(foreign);
        events.add(new SimpleConditionEvent(method, !leaks, method.getFullName()));
      }
    };
  }
}
