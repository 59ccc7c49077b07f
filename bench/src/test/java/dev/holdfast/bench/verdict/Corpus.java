// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The error responses, read from outside the code base: {@code $HOLDFAST_CORPUS/errors/known.jsonl}. */
final class Corpus {
    private Corpus() {}

    /** The root of the checkout. */
    static Path root() {
        return Path.of(Optional.ofNullable(System.getenv("HOLDFAST_ROOT")).orElse(".."));
    }

    /** Where the corpus should be: in the folder that HOLDFAST_CORPUS names, by default {@code shared} beside the root. */
    static Path file() {
        Path folder = Optional.ofNullable(System.getenv("HOLDFAST_CORPUS"))
                .map(Path::of)
                .orElseGet(() -> root().toAbsolutePath().normalize().resolveSibling("shared"));
        return folder.resolve("errors/known.jsonl");
    }

    static List<ErrorCase> read() throws IOException {
        return Files.readAllLines(file()).stream().map(ErrorCase::read).toList();
    }
}
