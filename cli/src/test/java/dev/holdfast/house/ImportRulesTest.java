// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Category;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Imports run downward only. A room that does not exist yet has its rule already. */
class ImportRulesTest {
    private static final String[] JDK = {"java..", "javax..", "org.jspecify.annotations.."};

    static Stream<String> rooms() {
        return Rooms.OTHERS.keySet().stream().sorted();
    }

    static Stream<String> partsOfCore() {
        return Rooms.CORE.keySet().stream().sorted();
    }

    @Test
    void theRulesSeeTheHouse() {
        assertThat(Rooms.CLASSES.contain(Category.class)).isTrue();
        assertThat(Rooms.CLASSES.contain("dev.holdfast.cli.Main")).isTrue();
        assertThat(Rooms.CLASSES.contain("dev.holdfast.graph.condition.Condition"))
                .isTrue();
        assertThat(Rooms.CLASSES.contain(ImportRulesTest.class)).isFalse();
    }

    @Test
    void everyClassIsInARoom() {
        List<String> known = new ArrayList<>(Rooms.OTHERS.keySet());
        known.add("core");

        classes().should().resideInAnyPackage(Rooms.packagesOf(known)).check(Rooms.CLASSES);
    }

    @Test
    void coreUsesTheJdkAlone() {
        String[] allowed = Stream.of(
                        Arrays.stream(JDK), Stream.of("jdk.jfr.."), Arrays.stream(Rooms.packagesOf("core")))
                .flatMap(packages -> packages)
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAnyPackage(Rooms.packagesOf("core"))
                .should()
                .dependOnClassesThat(not(resideInAnyPackage(allowed)))
                .check(Rooms.CLASSES);
    }

    @ParameterizedTest
    @MethodSource("partsOfCore")
    void partOfCoreImportsOnlyWhatIsBelowIt(String part) {
        List<String> allowed = new ArrayList<>(List.of("dev.holdfast." + part + ".."));
        Rooms.CORE.get(part).forEach(lower -> allowed.add("dev.holdfast." + lower + ".."));

        noClasses()
                .that()
                .resideInAPackage("dev.holdfast." + part + "..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.holdfast..").and(not(resideInAnyPackage(allowed.toArray(String[]::new)))))
                .allowEmptyShould(true)
                .check(Rooms.CLASSES);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void roomImportsOnlyTheRoomsBelowIt(String room) {
        List<String> allowed = new ArrayList<>(Rooms.OTHERS.get(room));
        allowed.add(room);

        noClasses()
                .that()
                .resideInAnyPackage(Rooms.packagesOf(room))
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.holdfast..").and(not(resideInAnyPackage(Rooms.packagesOf(allowed)))))
                .allowEmptyShould(true)
                .check(Rooms.CLASSES);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void roomKeepsOutOfTheInternalsOfOthers(String room) {
        noClasses()
                .that()
                .resideInAnyPackage(Rooms.packagesOf(room))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.holdfast..internal..")
                        .and(not(resideInAnyPackage(Rooms.packagesOf(room)))))
                .allowEmptyShould(true)
                .check(Rooms.CLASSES);
    }

    @Test
    void conditionsUseTheJdkAlone() {
        String[] allowed = Stream.concat(Arrays.stream(JDK), Stream.of("dev.holdfast.graph.condition.."))
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage("dev.holdfast.graph.condition..")
                .should()
                .dependOnClassesThat(not(resideInAnyPackage(allowed)))
                .check(Rooms.CLASSES);
    }

    @Test
    void definitionsOfGraphsKnowNothingOfTheirRunsAndPictures() {
        noClasses()
                .that()
                .resideInAPackage("dev.holdfast.graph")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.holdfast..")
                        .and(not(resideInAnyPackage(
                                "dev.holdfast.graph",
                                "dev.holdfast.graph.condition..",
                                "dev.holdfast.graph.internal.."))))
                .check(Rooms.CLASSES);
    }

    @Test
    void onlyStormsMeetPeers() {
        noClasses()
                .that(not(resideInAPackage("dev.holdfast.storm..")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.github.resilience4j..", "dev.failsafe..")
                .check(Rooms.CLASSES);
    }
}
