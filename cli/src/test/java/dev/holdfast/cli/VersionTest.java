// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class VersionTest {
    @Test
    void tellsVersionJavaAndBuild() {
        StringWriter out = new StringWriter();
        CommandLine command = Main.commandLine(Surroundings.ofProcess()).setOut(new PrintWriter(out, true));

        int code = command.execute("version");

        assertThat(code).isZero();
        assertThat(out.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).matches("holdfast \\d+\\.\\d+\\.\\d+\\S*"),
                        line -> assertThat(line).startsWith("java " + Runtime.version()),
                        line -> assertThat(line).matches("build (unknown|[0-9a-f]{7,40}) of \\S+"));
    }

    @Test
    void helpIsACommandToo() {
        Ran all = Ran.holdfast("help");
        Ran one = Ran.holdfast("help", "chat");

        assertThat(all.code()).isZero();
        assertThat(all.out()).contains("Usage: holdfast", "classify");
        assertThat(one.out()).contains("Usage: holdfast chat", "--attempts");
    }

    @Test
    void unknownCommandIsAUsageError() {
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine(Surroundings.ofProcess()).setErr(new PrintWriter(err, true));

        int code = command.execute("no-such-command");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("no-such-command");
    }
}
