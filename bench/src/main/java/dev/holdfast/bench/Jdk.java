// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** A JDK to measure on; all that is known about it is what its own {@code release} file says. */
record Jdk(int major, String version, Path java) {

    /** The JDKs of these majors, named by {@code JAVA_<major>_HOME} or where such things are usually installed. */
    static List<Jdk> find(int... majors) throws IOException {
        List<Jdk> found = new ArrayList<>();
        for (int major : majors) {
            Jdk jdk = find(major);
            if (jdk == null) {
                System.err.println("no JDK " + major + " found, set JAVA_" + major + "_HOME; its columns are left out");
            } else {
                found.add(jdk);
            }
        }
        return found;
    }

    /** The one that runs this. */
    static Jdk running() throws IOException {
        Jdk jdk = at(Path.of(System.getProperty("java.home")));
        if (jdk == null) {
            throw new IOException("no JDK at " + System.getProperty("java.home"));
        }
        return jdk;
    }

    private static @Nullable Jdk find(int major) throws IOException {
        List<Path> homes = new ArrayList<>();
        String named = System.getenv("JAVA_" + major + "_HOME");
        if (named != null) {
            homes.add(Path.of(named));
        }
        homes.add(Path.of(System.getProperty("java.home")));
        for (String parent : List.of("/usr/lib/jvm", "/opt", "/opt/java", "/Library/Java/JavaVirtualMachines")) {
            if (Files.isDirectory(Path.of(parent))) {
                try (var children = Files.list(Path.of(parent))) {
                    children.sorted().forEach(home -> {
                        homes.add(home);
                        homes.add(home.resolve("Contents/Home"));
                    });
                }
            }
        }
        for (Path home : homes) {
            Jdk jdk = at(home);
            if (jdk != null && jdk.major == major) {
                return jdk;
            }
        }
        return null;
    }

    private static @Nullable Jdk at(Path home) throws IOException {
        Path release = home.resolve("release");
        Path java = home.resolve("bin/java");
        if (!Files.isRegularFile(release) || !Files.isExecutable(java)) {
            return null;
        }
        Properties facts = new Properties();
        try (var text = Files.newBufferedReader(release, StandardCharsets.UTF_8)) {
            facts.load(text);
        }
        String version = facts.getProperty("JAVA_VERSION", "").replace("\"", "");
        String leading = version.split("[^0-9]", 2)[0];
        return leading.isEmpty() ? null : new Jdk(Integer.parseInt(leading), version, java);
    }
}
