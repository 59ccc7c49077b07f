// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulator.Simulator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own: exit codes, streams, signals, locales. */
@Timeout(180)
class CommandProcessTest {
    @TempDir
    Path temp;

    private ProcessBuilder holdfast(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(temp.toFile())
                .redirectOutput(temp.resolve("out").toFile())
                .redirectError(temp.resolve("err").toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.endsWith("_API_KEY") || name.endsWith("_BASE_URL") || name.startsWith("LC_"));
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().put("LANG", "C");
        return builder;
    }

    private Ran finish(Process process) throws IOException, InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the command did not end");
        }
        return new Ran(
                process.exitValue(), Files.readString(temp.resolve("out")), Files.readString(temp.resolve("err")));
    }

    @Test
    void factsAndAnswersAreUtf8InAPlainLocaleToo() throws Exception {
        Ran ran = finish(holdfast("chat", "--model", "sim/500", "--model", "sim/ok", "Hello")
                .start());

        assertThat(ran.code()).isZero();
        assertThat(ran.out()).isEqualTo(Simulator.textOf("sim/ok") + System.lineSeparator());
        // The tests' class path has a log interface without a log, which says so; the runnable jar has none.
        assertThat(ran.errLines())
                .filteredOn(line -> !line.startsWith("SLF4J"))
                .containsExactly("failover sim/500 → sim/ok (server_error 500)");
    }

    @Test
    void stdinIsThePromptAndAFailureIsOne() throws Exception {
        Process process = holdfast("chat", "--json", "--model", "sim/401").start();
        process.getOutputStream().write("Hello".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();

        Ran ran = finish(process);

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.json().at("/error/category").stringValue()).isEqualTo("auth");
    }

    @Test
    void aMissingKeyIsTwo() throws Exception {
        Ran ran = finish(holdfast("chat", "--model", "openai/gpt", "Hello").start());

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("OPENAI_API_KEY");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "SIGINT is a signal of POSIX")
    void theSimulatorSaysWhereItIsServesAndEndsByInterrupt() throws Exception {
        Process process = holdfast("simulator", "--port", "0")
                .redirectOutput(ProcessBuilder.Redirect.PIPE)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String ready = out.readLine();
            assertThat(ready).matches("simulator http://127\\.0\\.0\\.1:[0-9]+");

            HttpResponse<String> stats = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(ready.substring(10) + "/__sim/stats"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(stats.body()).contains("\"requests\":0");

            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(130);
            assertThat(out.readLine()).isNull();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "SIGINT is a signal of POSIX")
    void aStormEndsAtOnceByInterruptAndLeavesNothing() throws Exception {
        Process process = holdfast("storm", "overload", "--report", "page.html", "--json")
                .redirectError(ProcessBuilder.Redirect.PIPE)
                .start();
        try (BufferedReader err =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            String line = err.readLine();
            while (line != null && !line.startsWith("storm 1/")) {
                line = err.readLine();
            }
            assertThat(line).isNotNull();

            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(130);
            assertThat(temp.resolve("out")).isEmptyFile();
            assertThat(temp.resolve("page.html")).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }

    /** What other commands do not load cannot slow their start. */
    @Test
    void stormsAreLoadedByTheirCommandOnly() throws Exception {
        ProcessBuilder chat = holdfast("chat", "--model", "sim/ok", "Hello");
        chat.environment().put("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=loaded");

        Ran ran = finish(chat.start());

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(Files.readString(temp.resolve("loaded")))
                .contains("dev.holdfast.cli.StormCommand ")
                .doesNotContain("dev.holdfast.storm.", "io.github.resilience4j.", "dev.failsafe.");
    }
}
