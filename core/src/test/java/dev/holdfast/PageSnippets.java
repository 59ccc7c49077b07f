// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks that a page of the documentation shows exactly the code that tests run; needs HOLDFAST_ROOT, set by the build. */
public final class PageSnippets {
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private PageSnippets() {}

    /**
     * Each piece of Java on the page stands in one of the sources, white space apart.
     *
     * @param page relative to the checkout, as are the sources
     * @param pieces how many pieces the page has, so that none is overlooked
     */
    public static void assertRun(String page, int pieces, String... sources) throws IOException {
        Path root = Path.of(System.getenv("HOLDFAST_ROOT"));
        StringBuilder code = new StringBuilder();
        for (String source : sources) {
            code.append(Files.readString(root.resolve(source)));
        }
        String squeezed = squeezed(code.toString());
        Matcher snippet = SNIPPET.matcher(Files.readString(root.resolve(page)));
        int found = 0;
        while (snippet.find()) {
            found++;
            assertThat(squeezed).contains(squeezed(snippet.group(1)));
        }
        assertThat(found).isEqualTo(pieces);
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }
}
