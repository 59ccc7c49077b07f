// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The table of reference cases names tests that exist, in whatever module they are. */
class ReferenceTableTest {
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

    @Test
    @EnabledIfEnvironmentVariable(
            named = "HOLDFAST_ROOT",
            matches = ".+",
            disabledReason = "the build sets HOLDFAST_ROOT to the checkout")
    void everyTestInTheTableExists() throws IOException {
        Path root = Path.of(System.getenv("HOLDFAST_ROOT"));
        Matcher named = TEST.matcher(Files.readString(root.resolve("docs/reference-systems.md")));
        List<String> missing = new ArrayList<>();
        int found = 0;

        while (named.find()) {
            found++;
            if (!exists(root, named.group(1), named.group(2))) {
                missing.add(named.group());
            }
        }

        assertThat(found).isGreaterThan(30);
        assertThat(missing).isEmpty();
    }

    private static boolean exists(Path root, String testClass, String method) throws IOException {
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.filter(Files::isDirectory).toList()) {
                Path tests = module.resolve("src/test/java");
                if (Files.isDirectory(tests) && holds(tests, testClass, method)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean holds(Path tests, String testClass, String method) throws IOException {
        try (Stream<Path> files = Files.walk(tests)) {
            for (Path file :
                    files.filter(path -> path.endsWith(testClass + ".java")).toList()) {
                if (Files.readString(file).contains("void " + method + "(")) {
                    return true;
                }
            }
        }
        return false;
    }
}
