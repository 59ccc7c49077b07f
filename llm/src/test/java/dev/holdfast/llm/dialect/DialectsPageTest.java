// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DialectsPageTest {
    private final Path page =
            Path.of(Optional.ofNullable(System.getenv("HOLDFAST_ROOT")).orElse(".."), "docs", "dialects.md");

    @Test
    void theTablesSayWhatTheTranslationDoes() throws IOException {
        String committed = Files.readString(page);
        String fromCode = committed;
        for (String which : new String[] {DialectsPage.REQUESTS, DialectsPage.ANSWERS}) {
            fromCode = replaced(fromCode, which, new DialectsPage().table(which));
        }
        if (Boolean.getBoolean("holdfast.docs.rewrite")) {
            Files.writeString(page, fromCode);
            committed = Files.readString(page);
        }

        assertThat(committed.equals(fromCode))
                .as(
                        "docs/dialects.md is out of date; rewrite it with -Dholdfast.docs.rewrite=true (the command is in the page)")
                .isTrue();
    }

    private static String replaced(String text, String which, String table) {
        String start = "<!-- begin " + which + " -->\n";
        String end = "<!-- end " + which + " -->";
        int from = text.indexOf(start);
        int to = text.indexOf(end);
        assertThat(from).as("the page has a table of %s", which).isBetween(0, to);
        return text.substring(0, from + start.length()) + table + text.substring(to);
    }
}
