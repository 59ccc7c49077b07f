// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Checkout.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher does for a fast start, in a checkout and in a distribution; with real processes and real archives. */
@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a POSIX shell script")
class LauncherArchiveTest {
    @TempDir
    Path temp;

    private Checkout checkout;

    @BeforeEach
    void layCheckout() throws IOException {
        checkout = new Checkout(temp.toRealPath().resolve("a check out"));
    }

    @Test
    void aBuildLeavesAnArchiveForThisJava() throws Exception {
        checkout.run("one");

        assertThat(archives(checkout.jar().getParent())).singleElement().satisfies(archive -> {
            assertThat(archive).isNotEmptyFile();
            assertThat(archive.getFileName().toString())
                    .startsWith("holdfast-" + System.getProperty("java.version"))
                    .endsWith(Runtime.version().feature() >= 25 ? ".aot" : ".jsa");
        });
        assertThat(checkout.run("two").out()).contains("arg two");
    }

    @Test
    void servePreparesForAJavaThatDidNotBuild() throws Exception {
        checkout.run();
        Path archive = archives(checkout.jar().getParent()).get(0);
        Files.delete(archive);

        checkout.run("chat");
        assertThat(archive).doesNotExist();
        checkout.run("serve");

        assertThat(archive).isNotEmptyFile();
        assertThat(checkout.mavenStarts()).isEqualTo(1);
    }

    @Test
    void whereNoArchiveCanBeHadServeDoesNotTryAgain() throws Exception {
        checkout.run();
        Path archive = archives(checkout.jar().getParent()).get(0);
        Files.write(archive, new byte[0]);
        Map<String, String> counting =
                Map.of("JAVA_HOME", checkout.countingJdk().toString());

        Ran ran = checkout.run(checkout.root, checkout.root.resolve("holdfast"), counting, "serve");

        assertThat(ran.out()).contains("arg serve");
        assertThat(Files.readAllLines(checkout.root.resolve("java-starts"))).hasSize(1);
    }

    @Test
    void anArchiveOfAnotherJarIsPassedOver() throws Exception {
        checkout.run();
        Path archive = archives(checkout.jar().getParent()).get(0);
        Files.writeString(archive, "this is no archive");

        Ran ran = checkout.run("one");

        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("arg one");
    }

    @Test
    void theGatewaysHeapIsBoundedAndTheUsersOptionsWin() throws Exception {
        Ran ours = checkout.run("serve");
        Ran theirs = checkout.run(
                checkout.root,
                checkout.root.resolve("holdfast"),
                Map.of("HOLDFAST_JAVA_OPTS", "-Xmx100m -XX:+UseParallelGC"),
                "serve");

        assertThat(heap(ours)).isBetween(300, 400);
        assertThat(ours.out()).contains("collector Copy");
        assertThat(heap(theirs)).isLessThanOrEqualTo(100);
        assertThat(theirs.out()).contains("collector PS Scavenge");
    }

    @Test
    void aDistributionRunsItsJarAndBuildsNothing() throws Exception {
        Path bin = distribution();

        Ran ran = checkout.run(temp, bin, Map.of(), "one");

        assertThat(ran.out()).containsExactly("in " + temp.toRealPath(), "arg one");
        assertThat(checkout.mavenStarts()).isZero();
    }

    @Test
    void prepareMakesTheArchiveOfADistribution() throws Exception {
        Path bin = distribution();
        Path lib = bin.getParent().resolveSibling("lib");

        Ran prepared = checkout.run(temp, bin, Map.of(), "prepare");

        assertThat(prepared.code()).isZero();
        assertThat(prepared.err()).contains("prepared for Java");
        assertThat(archives(lib)).singleElement().satisfies(archive -> assertThat(archive)
                .isNotEmptyFile());
        try (Stream<Path> files = Files.list(lib)) {
            assertThat(files).hasSize(2);
        }
        assertThat(checkout.run(temp, bin, Map.of(), "one").out()).contains("arg one");
    }

    private Path distribution() throws IOException {
        Path unpacked = temp.toRealPath().resolve("un packed");
        Files.createDirectories(unpacked.resolve("bin"));
        Files.createDirectories(unpacked.resolve("lib"));
        Files.copy(checkout.root.resolve("ready.jar"), unpacked.resolve("lib/holdfast.jar"));
        Path launcher = unpacked.resolve("bin/holdfast");
        Checkout.script(launcher, Files.readString(checkout.root.resolve("holdfast")));
        return launcher;
    }

    private static List<Path> archives(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().matches(".*\\.(jsa|aot)"))
                    .toList();
        }
    }

    private static int heap(Ran ran) {
        return ran.out().stream()
                .filter(line -> line.startsWith("heap "))
                .mapToInt(line -> Integer.parseInt(line.substring("heap ".length())))
                .findFirst()
                .orElseThrow();
    }
}
