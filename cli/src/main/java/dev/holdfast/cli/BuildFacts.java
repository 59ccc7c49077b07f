// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;

/**
 * What was built, from the properties that the build writes beside this class.
 *
 * @param version the project's version
 * @param commit the abbreviated commit, or {@code unknown} for a build outside a git checkout
 * @param committed the commit's time in UTC, not the build's, so that a build can be repeated byte for byte
 */
record BuildFacts(String version, String commit, String committed) {
    private static final String UNKNOWN = "unknown";

    static BuildFacts read() {
        Properties properties = new Properties();
        try (InputStream in = BuildFacts.class.getResourceAsStream("build.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new BuildFacts(
                fact(properties, "git.build.version"),
                fact(properties, "git.commit.id.abbrev"),
                fact(properties, "git.commit.time"));
    }

    List<String> lines() {
        return List.of(
                "holdfast " + version,
                "java " + Runtime.version() + " (" + System.getProperty("java.vm.name") + ")",
                "build " + commit + " of " + committed);
    }

    private static String fact(Properties properties, String name) {
        String value = properties.getProperty(name, "");
        return value.isBlank() ? UNKNOWN : value;
    }
}
