// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Checkout.Ran;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Starts the real launcher, so it needs real processes and a POSIX shell. */
@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a POSIX shell script")
class LauncherTest {
    private static final List<String> TOOLS =
            List.of("sh", "readlink", "find", "head", "mkdir", "rmdir", "touch", "mv", "rm", "cp", "sleep", "dirname");

    @TempDir
    Path temp;

    private Checkout checkout;

    @BeforeEach
    void layCheckout() throws IOException {
        checkout = new Checkout(temp.toRealPath().resolve("a check out"));
    }

    @Test
    void firstRunBuildsAndTheNextDoesNot() throws Exception {
        Ran first = checkout.run("one");
        Ran second = checkout.run("two");

        assertThat(first.code()).isZero();
        assertThat(second.out()).containsExactly("in " + checkout.root, "arg two");
        assertThat(checkout.mavenStarts()).isEqualTo(1);
    }

    @Test
    void buildOutputGoesToStandardError() throws Exception {
        Ran ran = checkout.run("one");

        assertThat(ran.out()).containsExactly("in " + checkout.root, "arg one");
        assertThat(ran.err()).contains("compiling, says maven");
    }

    @Test
    void freshRunStartsJavaOnce() throws Exception {
        checkout.run();
        Map<String, String> counting =
                Map.of("JAVA_HOME", checkout.countingJdk().toString());

        Ran ran = checkout.run(checkout.root, checkout.root.resolve("holdfast"), counting, "x");

        assertThat(ran.out()).contains("arg x");
        assertThat(Files.readAllLines(checkout.root.resolve("java-starts"))).hasSize(1);
        assertThat(checkout.mavenStarts()).isEqualTo(1);
    }

    @Test
    void newerSourceIsBuilt() throws Exception {
        checkout.run();

        makeNewer("cli/src/main/java/A.java");
        checkout.run();
        makeNewer("pom.xml");
        checkout.run();
        checkout.run();

        assertThat(checkout.mavenStarts()).isEqualTo(3);
    }

    @Test
    void deletedSourceIsBuilt() throws Exception {
        checkout.run();

        Files.delete(checkout.root.resolve("cli/src/main/java/A.java"));
        checkout.run();

        assertThat(checkout.mavenStarts()).isEqualTo(2);
    }

    @Test
    void sourceSavedDuringTheBuildIsBuiltNextTime() throws Exception {
        Files.createFile(checkout.root.resolve("save-while-building"));
        checkout.run();
        Files.delete(checkout.root.resolve("save-while-building"));

        checkout.run();
        checkout.run();

        assertThat(checkout.mavenStarts()).isEqualTo(2);
    }

    @Test
    void worksThroughAChainOfLinksFromAnotherDirectory() throws Exception {
        Path elsewhere = Files.createDirectories(temp.toRealPath().resolve("else where"));
        Files.createSymbolicLink(elsewhere.resolve("second"), Path.of("../a check out/holdfast"));
        Path first = Files.createSymbolicLink(elsewhere.resolve("first"), elsewhere.resolve("second"));

        Ran ran = checkout.run(elsewhere, first, Map.of(), "a b", "./file", "*", "");

        assertThat(ran.out()).containsExactly("in " + elsewhere, "arg a b", "arg ./file", "arg *", "arg ");
        assertThat(checkout.jar()).exists();
    }

    @Test
    void worksFromThePath() throws Exception {
        Path elsewhere = Files.createDirectories(temp.toRealPath().resolve("bin"));
        Files.createSymbolicLink(elsewhere.resolve("holdfast"), checkout.root.resolve("holdfast"));
        String path = elsewhere + ":" + System.getenv("PATH");

        Process process = checkout.start(temp, Path.of("/usr/bin/env"), Map.of("PATH", path), "holdfast", "x");

        assertThat(checkout.finish(process).out()).contains("arg x");
    }

    @Test
    void exitCodeIsTheCommands() throws Exception {
        assertThat(checkout.run("exit", "7").code()).isEqualTo(7);
    }

    @Test
    void concurrentFirstRunsBuildOnce() throws Exception {
        assertThat(runAtOnce(Map.of())).allSatisfy(ran -> assertThat(ran.code()).isZero());
        assertThat(checkout.mavenStarts()).isEqualTo(1);
    }

    @Test
    void concurrentFirstRunsBuildOnceWithoutFlock() throws Exception {
        assertThat(runAtOnce(Map.of("PATH", pathWithoutFlock())))
                .allSatisfy(ran -> assertThat(ran.code()).isZero());
        assertThat(checkout.mavenStarts()).isEqualTo(1);
        assertThat(checkout.root.resolve(".holdfast")).isEmptyDirectory();
    }

    @Test
    void failedBuildLeavesTheOldJarAndSaysWhatNext() throws Exception {
        checkout.run();
        byte[] old = Files.readAllBytes(checkout.jar());
        Files.createFile(checkout.root.resolve("broken"));
        makeNewer("pom.xml");

        Ran ran = checkout.run("x");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("the build failed", "./mvnw");
        assertThat(checkout.jar()).hasBinaryContent(old);
    }

    @Test
    void becomesJavaSoThatAnInterruptEndsWith130() throws Exception {
        Process process = checkout.start(checkout.root, checkout.root.resolve("holdfast"), Map.of(), "wait");
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.equals("ready")) {
            line = out.readLine();
        }

        assertThat(process.toHandle().info().command().orElse("java")).endsWith("java");
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

        assertThat(checkout.finish(process).code()).isEqualTo(130);
    }

    @Test
    void oldJavaIsRefusedByItsVersion() throws Exception {
        Path old = Files.createDirectories(temp.resolve("old/bin")).getParent();
        Checkout.script(old.resolve("bin/java"), "#!/bin/sh\nexit 99\n");
        Files.writeString(old.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");

        Ran ran = checkout.run(
                checkout.root, checkout.root.resolve("holdfast"), Map.of("JAVA_HOME", old.toString()), "x");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("11.0.2", "needs 17 or newer");
    }

    @Test
    void javaHomeWithoutJavaIsNamed() throws Exception {
        Ran ran = checkout.run(checkout.root, checkout.root.resolve("holdfast"), Map.of("JAVA_HOME", "/nowhere"));

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("JAVA_HOME is /nowhere");
    }

    private List<Ran> runAtOnce(Map<String, String> environment) throws Exception {
        List<Process> running = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            running.add(checkout.start(checkout.root, checkout.root.resolve("holdfast"), environment, "x"));
        }
        List<Ran> ran = new ArrayList<>();
        for (Process process : running) {
            ran.add(checkout.finish(process));
        }
        return ran;
    }

    private String pathWithoutFlock() throws IOException {
        Path bin = Files.createDirectories(temp.resolve("few tools"));
        for (String tool : TOOLS) {
            for (String directory : System.getenv("PATH").split(":")) {
                Path there = Path.of(directory, tool);
                if (Files.isExecutable(there)) {
                    Checkout.script(bin.resolve(tool), "#!/bin/sh\nexec " + there + " \"$@\"\n");
                    break;
                }
            }
        }
        return bin.toString();
    }

    private void makeNewer(String file) throws IOException {
        FileTime built = Files.getLastModifiedTime(checkout.jar());
        Files.setLastModifiedTime(checkout.root.resolve(file), FileTime.fromMillis(built.toMillis() + 1));
    }
}
