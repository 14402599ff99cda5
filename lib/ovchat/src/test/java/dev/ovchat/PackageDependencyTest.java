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

/** Arrows between packages point one way, and each outside library is seen by one package. */
@AnalyzeClasses(
    packages = "dev.ovchat",
    importOptions = {
      DoNotIncludeTests.class,
      PackageDependencyTest.DoNotIncludeCompiledModule.class
    })
class PackageDependencyTest {

  /** 3,000 functions of WebAssembly, which see the runtime and nothing of ours. */
  static class DoNotIncludeCompiledModule implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("CompiledTemplateModule");
    }
  }

  @ArchTest
  static final ArchRule arrowsPointOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("openvino")
          .definedBy("dev.ovchat.openvino..")
          .layer("checkpoint")
          .definedBy("dev.ovchat.checkpoint..")
          .layer("template")
          .definedBy("dev.ovchat.template..")
          .layer("text")
          .definedBy("dev.ovchat.text..")
          .layer("generate")
          .definedBy("dev.ovchat.generate..")
          .layer("graph")
          .definedBy("dev.ovchat.graph..")
          .layer("progress")
          .definedBy("dev.ovchat.progress..")
          .layer("export")
          .definedBy("dev.ovchat.export..")
          .layer("table")
          .definedBy("dev.ovchat.table..")
          .layer("experiment")
          .definedBy("dev.ovchat.experiment..")
          .layer("notebook")
          .definedBy("dev.ovchat.notebook..")
          .whereLayer("openvino")
          .mayNotAccessAnyLayer()
          .whereLayer("checkpoint")
          .mayNotAccessAnyLayer()
          .whereLayer("template")
          .mayNotAccessAnyLayer()
          .whereLayer("text")
          .mayOnlyAccessLayers("checkpoint", "template")
          .whereLayer("generate")
          .mayOnlyAccessLayers("openvino", "text", "checkpoint")
          .whereLayer("graph")
          .mayNotAccessAnyLayer()
          .whereLayer("progress")
          .mayNotAccessAnyLayer()
          .whereLayer("export")
          .mayOnlyAccessLayers("checkpoint", "generate", "graph", "progress")
          .whereLayer("table")
          .mayOnlyAccessLayers("generate", "text")
          .whereLayer("experiment")
          .mayOnlyAccessLayers("generate", "text", "openvino", "checkpoint", "progress")
          .whereLayer("notebook")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule noCycles = slices().matching("dev.ovchat.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyOpenvinoSeesThePreset = onlySeenBy("openvino", "org.bytedeco..");

  @ArchTest static final ArchRule onlyTextSeesDjl = onlySeenBy("text", "ai.djl..");

  @ArchTest
  static final ArchRule onlyCheckpointReadsJson =
      onlySeenBy("checkpoint", "com.fasterxml.jackson..", "com.google.gson..");

  @ArchTest
  static final ArchRule onlyTemplateSeesWebAssembly = onlySeenBy("template", "run.endive..");

  @ArchTest
  static final ArchRule onlyThoseThatMakeTablesSeeTablesaw =
      noClasses()
          .that(
              resideOutsideOfPackages(
                  "dev.ovchat.table..", "dev.ovchat.experiment..", "dev.ovchat.notebook.."))
          .should()
          .dependOnClassesThat(resideInAnyPackage("tech.tablesaw.."));

  @ArchTest
  static final ArchRule onlyExperimentSeesStatistics =
      onlySeenBy("experiment", "org.apache.commons.math3..");

  @ArchTest
  static final ArchRule onlyNotebookSeesKernelsAndDraws =
      onlySeenBy(
          "notebook", "org.dflib.jjava..", "io.github.spencerpark..", "j2html..", "java.awt..");

  @ArchTest
  static final ArchRule onlyTheCommandLineSeesPicocli =
      noClasses()
          .that(resideOutsideOfPackages("dev.ovchat"))
          .should()
          .dependOnClassesThat(resideInAnyPackage("picocli.."));

  @ArchTest
  static final ArchRule publicSignaturesHoldNoNativeTypes =
      codeUnits()
          .that()
          .arePublic()
          .and()
          .areDeclaredInClassesThat()
          .arePublic()
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
