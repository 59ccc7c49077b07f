// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ErrorsPageTest {
    private final Path page =
            Path.of(Optional.ofNullable(System.getenv("HOLDFAST_ROOT")).orElse(".."), "docs", "errors.md");

    @Test
    void documentationPageIsWhatTheTablesSay() throws IOException {
        String fromCode = ErrorsPage.render();
        if (Boolean.getBoolean("holdfast.docs.rewrite")) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, fromCode);
        }

        String committed = Files.exists(page) ? Files.readString(page) : "";

        assertThat(committed.equals(fromCode))
                .as(
                        "docs/errors.md is out of date; rewrite it with -Dholdfast.docs.rewrite=true (the command is in the page)")
                .isTrue();
    }
}
