// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.llm.error.ClassifyLines;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code holdfast classify}: verdicts on errors given as JSON Lines. */
@Command(
        name = "classify",
        description =
                "Says of provider errors, given as JSON Lines, what they mean and whether another attempt can help.",
        mixinStandardHelpOptions = true,
        versionProvider = PrintedVersion.class)
final class ClassifyCommand implements Callable<Integer> {
    private static final String STDIN = "-";

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "One error per line; - or nothing reads stdin.")
    private String file = STDIN;

    ClassifyCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        try (InputStream in = STDIN.equals(file) ? surroundings.in() : open(Path.of(file))) {
            InputStreamReader lines = new InputStreamReader(in, StandardCharsets.UTF_8);
            boolean allWellFormed = ClassifyLines.run(lines, spec.commandLine().getOut());
            return allWellFormed ? 0 : Main.FAILED;
        }
    }

    private static InputStream open(Path path) {
        try {
            if (!Files.isDirectory(path)) {
                return Files.newInputStream(path);
            }
        } catch (IOException e) {
            throw unreadable(path);
        }
        throw unreadable(path);
    }

    private static UsageException unreadable(Path path) {
        return new UsageException("cannot read " + path + ": give a file of JSON Lines, or - for stdin");
    }
}
