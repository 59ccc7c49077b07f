// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real PostgreSQL of its own, on a free port of the loopback, gone when closed. */
public final class PostgresServer implements AutoCloseable {
    private final Path binaries;
    private final String directory;
    private final int port;

    private PostgresServer(Path binaries, String directory, int port) {
        this.binaries = binaries;
        this.directory = directory;
        this.port = port;
    }

    /** Skips the test where PostgreSQL is not installed, unless everything is required. */
    public static PostgresServer start() throws Exception {
        Path binaries = binaries();
        if (binaries == null) {
            String message = "PostgreSQL is missing: install the Debian package postgresql";
            assertThat(System.getenv("HOLDFAST_REQUIRE_ALL")).as(message).isNull();
            assumeTrue(false, message);
        }
        String directory =
                run(asServer("mktemp", "-d", "/tmp/holdfast-postgres.XXXXXX")).strip();
        PostgresServer server = new PostgresServer(binaries, directory, freePort());
        try {
            run(asServer(server.binary("initdb"), "-D", directory + "/data", "-A", "trust", "-U", "holdfast"));
            run(asServer(
                    server.binary("pg_ctl"),
                    "-D",
                    directory + "/data",
                    "-l",
                    directory + "/log",
                    "-o",
                    "-p " + server.port + " -k " + directory + " -h 127.0.0.1",
                    "-w",
                    "start"));
        } catch (Exception e) {
            server.remove();
            throw e;
        }
        return server;
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=holdfast";
    }

    @Override
    public void close() throws Exception {
        try {
            run(asServer(binary("pg_ctl"), "-D", directory + "/data", "-m", "immediate", "-w", "stop"));
        } finally {
            remove();
        }
    }

    private void remove() throws Exception {
        run(asServer("rm", "-rf", directory));
    }

    private String binary(String name) {
        return binaries.resolve(name).toString();
    }

    private static Path binaries() throws IOException {
        Path debian = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(debian)) {
            return null;
        }
        try (Stream<Path> versions = Files.list(debian)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin ->
                            Files.isExecutable(bin.resolve("initdb")) && Files.isExecutable(bin.resolve("pg_ctl")))
                    .findFirst()
                    .orElse(null);
        }
    }

    /** The server refuses to run as root; its package brings a user for it. */
    private static List<String> asServer(String... command) {
        List<String> all = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            all.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        all.addAll(List.of(command));
        return all;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Output goes to a file: the server that a command leaves behind would hold a pipe open. */
    private static String run(List<String> command) throws Exception {
        Path output = Files.createTempFile("postgres", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(Path.of("/tmp").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            String text = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(ended && process.exitValue() == 0)
                    .as(command + ": " + text)
                    .isTrue();
            return text;
        } finally {
            Files.delete(output);
        }
    }
}
