// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * A source checkout with the real launcher and a Maven that only notes that it was started and puts a ready jar where it
 * was told to. So the tests see every start of Maven without waiting for one.
 */
final class Checkout {
    private static final String MAVEN = """
            #!/bin/sh
            cd "$(dirname "$0")" || exit 1
            echo "$@" >> maven-starts
            echo "compiling, says maven"
            [ ! -f broken ] || exit 1
            if [ -f save-while-building ]; then # file times move in ticks of a few milliseconds: until the next tick
              until [ -n "$(find cli/src/main/java/A.java -newer .holdfast/started.*)" ]; do touch cli/src/main/java/A.java; done
            fi
            for arg; do
              case $arg in -Dholdfast.jar=*) cp ready.jar "${arg#*=}" ;; esac
            done
            """;

    /** What a run left: exit code and both outputs. */
    record Ran(int code, List<String> out, String err) {}

    final Path root;

    Checkout(Path root) throws IOException {
        this.root = root;
        Path launcher = Path.of(System.getenv("HOLDFAST_ROOT")).resolve("holdfast");
        Files.createDirectories(root.resolve("cli/src/main/java"));
        Files.createDirectories(root.resolve(".mvn"));
        for (String file : List.of("pom.xml", "cli/pom.xml", "cli/src/main/java/A.java", "LICENSE", "NOTICE")) {
            Files.writeString(root.resolve(file), "");
        }
        script(root.resolve("holdfast"), Files.readString(launcher));
        script(root.resolve("mvnw"), MAVEN);
        writeProbe(root.resolve("ready.jar"));
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList()) {
                Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(3600)));
            }
        }
    }

    Path jar() {
        return root.resolve("cli/target/holdfast.jar");
    }

    int mavenStarts() throws IOException {
        Path starts = root.resolve("maven-starts");
        return Files.exists(starts) ? Files.readAllLines(starts).size() : 0;
    }

    /** Runs the launcher from its own directory. */
    Ran run(String... args) throws IOException, InterruptedException {
        return run(root, root.resolve("holdfast"), Map.of(), args);
    }

    Ran run(Path directory, Path launcher, Map<String, String> environment, String... args)
            throws IOException, InterruptedException {
        return finish(start(directory, launcher, environment, args));
    }

    Process start(Path directory, Path launcher, Map<String, String> environment, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(Files.createTempFile(root, "run", ".err").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().putAll(environment);
        return builder.start();
    }

    Ran finish(Process process) throws IOException, InterruptedException {
        List<String> out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the launcher did not end");
        }
        StringBuilder err = new StringBuilder();
        try (Stream<Path> files = Files.list(root)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".err")).toList()) {
                err.append(Files.readString(file));
            }
        }
        return new Ran(process.exitValue(), out, err.toString());
    }

    /** A JDK home whose java notes each start in {@code java-starts} and then is the real one. */
    Path countingJdk() throws IOException {
        Path home = Files.createDirectories(root.resolve("a jdk"));
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + System.getProperty("java.version") + "\"\n");
        Path real = Path.of(System.getProperty("java.home"), "bin", "java");
        script(
                home.resolve("bin/java"),
                "#!/bin/sh\necho start >> '" + root.resolve("java-starts") + "'\nexec '" + real + "' \"$@\"\n");
        script(home.resolve("bin/javac"), "#!/bin/sh\n");
        return home;
    }

    static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + file + " executable");
        }
    }

    private static void writeProbe(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, LauncherProbe.class.getName());
        String entry = LauncherProbe.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream in = LauncherProbe.class.getClassLoader().getResourceAsStream(entry)) {
            out.putNextEntry(new ZipEntry(entry));
            in.transferTo(out);
            out.closeEntry();
        }
    }
}
