// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.checkpoint;

import dev.holdfast.HoldfastRuntime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps runs in the table {@code holdfast_checkpoint} of a database, which it makes where it is missing: SQLite for one
 * machine, PostgreSQL for many. The database itself refuses a checkpoint that is older than the one it holds, so two
 * processes cannot drive one run past each other. The driver is the user's to bring.
 *
 * <p>One connection, used by one task at a time on the executor. What is asked for while a transaction runs goes into the
 * next one together, so many runs share the cost of a durable write. A transaction that fails is tried once more on a new
 * connection: a checkpoint that had been written after all is taken as written. Thread-safe.
 */
public final class JdbcCheckpointStore implements CheckpointStore, AutoCloseable {
    private static final int MAX_BATCH = 256;

    private static final String CREATE = "CREATE TABLE IF NOT EXISTS holdfast_checkpoint ("
            + "run_id VARCHAR(128) PRIMARY KEY, seq BIGINT NOT NULL, body TEXT NOT NULL)";
    private static final String SAVE = "INSERT INTO holdfast_checkpoint (run_id, seq, body) VALUES (?, ?, ?)"
            + " ON CONFLICT (run_id) DO UPDATE SET seq = excluded.seq, body = excluded.body"
            + " WHERE holdfast_checkpoint.seq < excluded.seq"
            + " OR (holdfast_checkpoint.seq = excluded.seq AND holdfast_checkpoint.body = excluded.body)";
    private static final String LOAD = "SELECT seq, body FROM holdfast_checkpoint WHERE run_id = ?";
    private static final String DELETE = "DELETE FROM holdfast_checkpoint WHERE run_id = ?";

    /** Gives a connection of its own; for example {@code dataSource::getConnection}. */
    @FunctionalInterface
    public interface Connections {
        Connection open() throws SQLException;
    }

    private final Connections connections;
    private final Executor executor;
    private final ConcurrentLinkedQueue<Task<?>> queue = new ConcurrentLinkedQueue<>();

    /** How many tasks are not done; whoever raises it from 0 starts the drain. */
    private final AtomicInteger due = new AtomicInteger();

    private @Nullable Connection open; // of the task that drains
    private volatile boolean closed;

    /** A database by its JDBC address, for example {@code jdbc:sqlite:runs.db}; the driver must be on the class path. */
    public JdbcCheckpointStore(String url) {
        this(() -> connected(url), HoldfastRuntime.executor());
    }

    /** @param executor where the database is spoken to: one thread at a time */
    public JdbcCheckpointStore(Connections connections, Executor executor) {
        this.connections = connections;
        this.executor = executor;
    }

    /** SQLite's defaults neither wait for a lock nor let readers and a writer work side by side. */
    private static Connection connected(String url) throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        if (url.startsWith("jdbc:sqlite:")) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 10000");
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = FULL");
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        }
        return connection;
    }

    @Override
    public CompletionStage<Void> save(Checkpoint checkpoint) {
        return put(new Task<>(connection -> save(connection, checkpoint)));
    }

    @Override
    public CompletionStage<@Nullable Checkpoint> load(String runId) {
        RunIds.require(runId);
        return put(new Task<@Nullable Checkpoint>(connection -> load(connection, runId)));
    }

    @Override
    public CompletionStage<Void> delete(String runId) {
        RunIds.require(runId);
        return put(new Task<>(connection -> delete(connection, runId)));
    }

    /** Lets go of the connection after what was asked for before; what is asked for later fails. */
    @Override
    public void close() {
        closed = true;
        put(new Task<@Nullable Void>(connection -> null));
    }

    private static @Nullable Void save(Connection connection, Checkpoint checkpoint) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SAVE)) {
            statement.setString(1, checkpoint.runId());
            statement.setLong(2, checkpoint.sequence());
            statement.setString(3, checkpoint.json());
            if (statement.executeUpdate() == 0) {
                throw new CheckpointConflictException(checkpoint);
            }
            return null;
        }
    }

    private static @Nullable Checkpoint load(Connection connection, String runId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOAD)) {
            statement.setString(1, runId);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? new Checkpoint(runId, rows.getLong(1), rows.getString(2)) : null;
            }
        }
    }

    private static @Nullable Void delete(Connection connection, String runId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
            statement.setString(1, runId);
            statement.executeUpdate();
            return null;
        }
    }

    private <T extends @Nullable Object> CompletableFuture<T> put(Task<T> task) {
        queue.add(task);
        if (due.getAndIncrement() == 0) {
            executor.execute(this::drain);
        }
        return task.done;
    }

    private void drain() {
        int taken;
        do {
            List<Task<?>> batch = new ArrayList<>();
            for (Task<?> task = queue.poll(); task != null; task = batch.size() < MAX_BATCH ? queue.poll() : null) {
                batch.add(task);
            }
            transaction(batch);
            batch.forEach(Task::tell);
            taken = batch.size();
            if (closed) {
                letGo();
            }
        } while (due.addAndGet(-taken) > 0);
    }

    private void transaction(List<Task<?>> batch) {
        SQLException first = null;
        for (int attempt = 0; attempt < 2; attempt++) {
            try {
                Connection connection = connection();
                for (Task<?> task : batch) {
                    task.run(connection);
                }
                connection.commit();
                return;
            } catch (SQLException e) {
                letGo();
                if (first != null) {
                    first.addSuppressed(e);
                } else {
                    first = e;
                }
            }
        }
        SQLException error = first;
        batch.forEach(task -> task.failed(error));
    }

    private Connection connection() throws SQLException {
        Connection known = open;
        if (known != null) {
            return known;
        }
        if (closed) {
            throw new SQLException("the checkpoint store is closed");
        }
        Connection made = connections.open();
        try (Statement statement = made.createStatement()) {
            made.setAutoCommit(false);
            statement.execute(CREATE);
            made.commit();
        } catch (SQLException e) {
            made.close();
            throw e;
        }
        open = made;
        return made;
    }

    /** Without a commit, so whatever was begun is undone. */
    private void letGo() {
        Connection known = open;
        open = null;
        if (known != null) {
            try {
                known.close();
            } catch (SQLException e) {
                // It is of no use any more, and what it had not committed is undone by the database.
                return;
            }
        }
    }

    /** What is done with a connection. */
    @FunctionalInterface
    private interface Work<T extends @Nullable Object> {
        @Nullable
        T with(Connection connection) throws SQLException;
    }

    private static final class Task<T extends @Nullable Object> {
        private final Work<T> work;
        private final CompletableFuture<T> done = new CompletableFuture<>();
        private @Nullable T value;
        private @Nullable Throwable error;

        Task(Work<T> work) {
            this.work = work;
        }

        void run(Connection connection) throws SQLException {
            error = null;
            try {
                value = work.with(connection);
            } catch (CheckpointConflictException e) {
                error = e; // of this run alone
            }
        }

        void failed(@Nullable Throwable with) {
            error = with;
        }

        @SuppressWarnings("NullAway") // null is a value where T allows it
        void tell() {
            if (error != null) {
                done.completeExceptionally(error);
            } else {
                done.complete(value);
            }
        }
    }
}
