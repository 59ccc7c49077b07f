// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.holdfast.simulator", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** The simulator exists to catch the mistakes of the other rooms, so it shares nothing with them. */
    @ArchTest
    static final ArchRule theSimulatorKnowsNoOtherRoom = noClasses()
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("dev.holdfast..")
                    .and(JavaClass.Predicates.resideOutsideOfPackage("dev.holdfast.simulator..")));

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.holdfast.simulator.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheServerAndTheDatesOfRepliesKnowNetty = noClasses()
            .that()
            .resideOutsideOfPackages("..internal.server", "..internal.reply")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..");
}
