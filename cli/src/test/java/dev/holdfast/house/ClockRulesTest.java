// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.time.Clock;
import java.util.Date;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Time and chance come from one place each, or no test could command them. Method references count as calls. */
class ClockRulesTest {
    private static final DescribedPredicate<JavaClass> CORE = resideInAnyPackage(Rooms.packagesOf("core"));
    private static final DescribedPredicate<JavaClass> TIME = resideInAPackage("dev.holdfast.time..");
    private static final DescribedPredicate<JavaClass> RUNTIME = simpleName("HoldfastRuntime");

    /** But for the storms' pace: the clients that it plays sleep between their attempts, in time that is compressed. */
    @Test
    void nobodySleeps() {
        noClasses()
                .that(not(resideInAPackage("dev.holdfast.storm.engine").and(simpleName("Pace"))))
                .should()
                .accessTargetWhere(calls(Thread.class, "sleep").or(calls(TimeUnit.class, "sleep")))
                .check(Rooms.CLASSES);
    }

    @Test
    void coreReadsNoWallClock() {
        noClasses()
                .that(CORE)
                .should()
                .accessTargetWhere(calls(System.class, "currentTimeMillis")
                        .or(describe("now() of java.time", ClockRulesTest::isNow))
                        .or(describe(
                                "a system clock",
                                access -> ownerIs(access, Clock.class)
                                        && access.getTarget().getName().startsWith("system")))
                        .or(describe(
                                "new Date()",
                                access -> ownerIs(access, Date.class)
                                        && access.getTarget().getName().equals("<init>"))))
                .check(Rooms.CLASSES);
    }

    @Test
    void coreReadsMonotonicTimeInOnePlace() {
        noClasses()
                .that(CORE.and(not(TIME)))
                .should()
                .accessTargetWhere(calls(System.class, "nanoTime"))
                .check(Rooms.CLASSES);
    }

    @Test
    void coreIsGivenItsChance() {
        Set<Class<?>> makers = Set.of(Random.class, ThreadLocalRandom.class, SplittableRandom.class);

        noClasses()
                .that(CORE.and(not(TIME)).and(not(RUNTIME)))
                .should()
                .accessTargetWhere(calls(Math.class, "random")
                        .or(calls(RandomGenerator.class, "getDefault"))
                        .or(calls(RandomGenerator.class, "of"))
                        .or(describe("a random generator of its own", access -> makers.stream()
                                .anyMatch(maker -> ownerIs(access, maker)))))
                .check(Rooms.CLASSES);
    }

    @Test
    void onlyTheCommandEndsTheProcess() {
        noClasses()
                .that(not(resideInAPackage("dev.holdfast.cli..")))
                .should()
                .accessTargetWhere(calls(System.class, "exit").or(calls(Runtime.class, "halt")))
                .check(Rooms.CLASSES);
    }

    private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, String method) {
        return describe(
                owner.getSimpleName() + "." + method,
                access -> ownerIs(access, owner) && access.getTarget().getName().equals(method));
    }

    private static boolean isNow(JavaAccess<?> access) {
        return access.getTarget().getName().equals("now")
                && access.getTargetOwner().getPackageName().startsWith("java.time");
    }

    private static boolean ownerIs(JavaAccess<?> access, Class<?> owner) {
        return access.getTargetOwner().isEquivalentTo(owner);
    }
}
