// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a command that ran inside this process left: exit code and both outputs. */
record Ran(int code, String out, String err) {
    private static final JsonMapper JSON = new JsonMapper();

    static Ran holdfast(String... arguments) {
        return with(Map.of(), "", arguments);
    }

    static Ran with(Map<String, String> environment, String stdin, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine(new Surroundings(
                        environment::get, new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8))))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        int code = line.execute(arguments);
        return new Ran(code, out.toString(), err.toString());
    }

    List<String> errLines() {
        return err.lines().toList();
    }

    /** The one object on stdout. */
    JsonNode json() {
        return JSON.readTree(out);
    }
}
