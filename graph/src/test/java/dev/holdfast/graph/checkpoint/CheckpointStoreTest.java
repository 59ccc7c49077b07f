// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every store promises, for each of them. Real files and a real server: {@code @Timeout}. */
@Timeout(120)
class CheckpointStoreTest {
    private static PostgresServer postgres;

    @TempDir
    private Path directory;

    @AfterAll
    static void stop() throws Exception {
        if (postgres != null) {
            postgres.close();
        }
    }

    private static String postgresUrl() throws Exception {
        if (postgres == null) {
            postgres = PostgresServer.start();
        }
        return postgres.url();
    }

    private void withEach(Consumer<CheckpointStore> check) {
        check.accept(new MemoryCheckpointStore());
        check.accept(new DirectoryCheckpointStore(directory.resolve("runs")));
        try (JdbcCheckpointStore sqlite = new JdbcCheckpointStore("jdbc:sqlite:" + directory.resolve("runs.db"))) {
            check.accept(sqlite);
        }
    }

    private static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    static void keepsTheLastCheckpointOfEachRun(CheckpointStore store) {
        String text = "{\"text\":\"ü€ \\u0000 ' \\\" \"}";
        done(store.save(new Checkpoint("r1", 0, "{}")));
        done(store.save(new Checkpoint("r1", 1, text)));
        done(store.save(new Checkpoint("r2", 7, "{\"other\":1}")));

        assertThat(done(store.load("r1")).sequence()).isEqualTo(1);
        assertThat(done(store.load("r1")).json().strip()).isEqualTo(text);
        assertThat(done(store.load("r2")).sequence()).isEqualTo(7);
        assertThat(done(store.load("r3"))).isNull();
        done(store.delete("r1"));
        done(store.delete("r1"));
        assertThat(done(store.load("r1"))).isNull();
    }

    static void refusesWhatIsNotNewer(CheckpointStore store) {
        done(store.save(new Checkpoint("c1", 5, "{\"mine\":1}")));

        for (long sequence : new long[] {4, 5}) {
            assertThatThrownBy(() -> done(store.save(new Checkpoint("c1", sequence, "{\"theirs\":1}"))))
                    .hasCauseInstanceOf(CheckpointConflictException.class);
        }
        assertThat(done(store.load("c1")).json().strip()).isEqualTo("{\"mine\":1}");
    }

    static void servesManyRunsAtOnce(CheckpointStore store) {
        List<CompletableFuture<Void>> saves = new ArrayList<>();
        for (int run = 0; run < 200; run++) {
            saves.add(store.save(new Checkpoint("m" + run, 1, "{\"run\":" + run + "}"))
                    .toCompletableFuture());
        }
        saves.forEach(CheckpointStoreTest::done);

        for (int run = 0; run < 200; run++) {
            assertThat(done(store.load("m" + run)).json().strip()).isEqualTo("{\"run\":" + run + "}");
        }
    }

    @Test
    void lastCheckpointOfEachRunIsKept() {
        withEach(CheckpointStoreTest::keepsTheLastCheckpointOfEachRun);
    }

    @Test
    void whatIsNotNewerIsRefused() {
        withEach(CheckpointStoreTest::refusesWhatIsNotNewer);
    }

    @Test
    void manyRunsAreServedAtOnce() {
        withEach(CheckpointStoreTest::servesManyRunsAtOnce);
    }

    @Test
    void postgresKeepsRefusesAndServes() throws Exception {
        try (JdbcCheckpointStore store = new JdbcCheckpointStore(postgresUrl())) {
            keepsTheLastCheckpointOfEachRun(store);
            refusesWhatIsNotNewer(store);
            servesManyRunsAtOnce(store);
        }
    }

    @Test
    void twoProcessesOfOnePostgresCannotDriveOneRun() throws Exception {
        try (JdbcCheckpointStore one = new JdbcCheckpointStore(postgresUrl());
                JdbcCheckpointStore other = new JdbcCheckpointStore(postgresUrl())) {
            for (int sequence = 0; sequence < 20; sequence++) {
                CompletableFuture<?> a = one.save(new Checkpoint("shared", sequence, "{\"a\":1}"))
                        .toCompletableFuture();
                CompletableFuture<?> b = other.save(new Checkpoint("shared", sequence, "{\"b\":1}"))
                        .toCompletableFuture();
                CompletableFuture.allOf(a, b).handle((nothing, error) -> null).join();

                assertThat(a.isCompletedExceptionally()).isNotEqualTo(b.isCompletedExceptionally());
            }
        }
    }

    @Test
    void brokenConnectionIsReplaced() {
        List<Connection> opened = new ArrayList<>();
        JdbcCheckpointStore.Connections connections = () -> {
            Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("broken.db"));
            opened.add(connection);
            return connection;
        };
        try (JdbcCheckpointStore store = new JdbcCheckpointStore(connections, Runnable::run)) {
            done(store.save(new Checkpoint("r", 0, "{}")));
            close(opened.get(0));

            done(store.save(new Checkpoint("r", 1, "{}")));

            assertThat(opened).hasSize(2);
            assertThat(done(store.load("r")).sequence()).isEqualTo(1);
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void databaseThatCannotBeReachedFailsTheSave() {
        try (JdbcCheckpointStore store = new JdbcCheckpointStore("jdbc:nothing:here")) {
            assertThatThrownBy(() -> done(store.save(new Checkpoint("r", 0, "{}"))))
                    .hasCauseInstanceOf(SQLException.class);
        }
    }

    @Test
    void nothingHalfWrittenIsEverInTheDirectory() throws Exception {
        Path runs = directory.resolve("half");
        DirectoryCheckpointStore store = new DirectoryCheckpointStore(runs, Runnable::run);
        done(store.save(new Checkpoint("r", 0, "{\"whole\":true}")));
        Files.writeString(runs.resolve("r.checkpoint.new"), "1\n{\"who"); // a process died while it wrote

        assertThat(done(store.load("r")).json().strip()).isEqualTo("{\"whole\":true}");
        done(store.save(new Checkpoint("r", 1, "{\"next\":true}")));
        try (Stream<Path> files = Files.list(runs)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("r.checkpoint");
        }
    }

    @Test
    void namesThatAreNoFilesAreRefused() {
        for (String name : new String[] {"", "../r", "a/b", ".hidden", "a b", "x".repeat(129)}) {
            assertThatThrownBy(() -> new Checkpoint(name, 0, "{}")).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
