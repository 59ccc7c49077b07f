// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ErrorsComparedPageTest {
    private final Path page = Corpus.root().resolve("docs").resolve("errors-compared.md");

    @Test
    void documentationPageIsWhatTheJudgesSay() throws IOException {
        assumeTrue(
                Files.isReadable(Corpus.file()),
                "no corpus at " + Corpus.file() + "; set HOLDFAST_CORPUS to the folder that holds errors/");
        String fromCode = ErrorsComparedPage.render(Corpus.read());
        if (Boolean.getBoolean("holdfast.docs.rewrite")) {
            Files.writeString(page, fromCode);
        }

        String committed = Files.exists(page) ? Files.readString(page) : "";

        assertThat(committed.equals(fromCode))
                .as("docs/errors-compared.md is out of date; rewrite it with -Dholdfast.docs.rewrite=true"
                        + " (the command is in the page)")
                .isTrue();
    }
}
