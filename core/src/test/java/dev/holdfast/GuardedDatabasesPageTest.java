// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.target.Target;
import dev.holdfast.target.Targets;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The database part of docs/guarding-any-call.md, run against two real databases in this process; in real time, because
 * what a driver does when it is told to stop cannot be had in virtual time.
 */
@Timeout(120)
class GuardedDatabasesPageTest {
    private static final String ORDERS = "CREATE TABLE orders (id INT PRIMARY KEY, state VARCHAR(20))";

    /** Reading it takes for ever: a trillion rows, none of which fits. */
    private static final String STUCK = "CREATE VIEW orders AS SELECT a.x + b.x AS id, 'open' AS state"
            + " FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b WHERE a.x * b.x < 0";

    private final String main = "jdbc:h2:mem:main;IFEXISTS=TRUE";
    private final String copy = "jdbc:h2:mem:copy;IFEXISTS=TRUE";
    private final Targets databases = Targets.of(
            Target.builder("orders/main").endpoint(main).build(),
            Target.builder("orders/copy").endpoint(copy).build());
    private final Holdfast holdfast = Holdfast.builder()
            .config(ResilienceConfig.defaults()
                    .withDeadline(Duration.ofSeconds(20))
                    .withTimeouts(TimeoutConfig.defaults().withAttempt(Duration.ofMillis(500))))
            .classifier(GuardedDatabasesPageTest::classify)
            .build();

    static Failure classify(Throwable error) {
        if (error instanceof SQLTransientConnectionException || error instanceof SQLNonTransientConnectionException) {
            return Failure.of(Category.NETWORK, "sql.connection", "no connection")
                    .withCause(error);
        }
        if (error instanceof SQLInvalidAuthorizationSpecException) {
            return Failure.of(Category.AUTH, "sql.login", "login refused").withCause(error);
        }
        if (error instanceof SQLTimeoutException) {
            return Failure.of(Category.TIMEOUT, "sql.timeout", "too slow").withCause(error);
        }
        if (error instanceof SQLTransientException) { // a deadlock, a lock that was not free: the same again may work
            return Failure.of(Category.CONFLICT, "sql.transient", "in the way of others")
                    .withCause(error);
        }
        if (error instanceof SQLException) { // wrong here is wrong everywhere
            return Failure.of(Category.INVALID_REQUEST, "sql.statement", "refused")
                    .withCause(error);
        }
        return FailureClassifier.standard().classify(error);
    }

    private String stateOf(int order) {
        return holdfast.blocking().call(databases, attempt -> read(attempt, order));
    }

    private static String read(Attempt attempt, int order) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(attempt.target().endpoint());
                PreparedStatement query = connection.prepareStatement("SELECT state FROM orders WHERE id = ?")) {
            attempt.onCancel(() -> cancel(query));
            query.setInt(1, order);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() ? rows.getString(1) : "unknown";
            }
        }
    }

    private static void cancel(PreparedStatement query) {
        try {
            query.cancel();
        } catch (SQLException e) {
            // it has ended by itself, or its connection is gone: nothing is left to stop
        }
    }

    @AfterEach
    void close() throws SQLException {
        Conservation.awaitAllReturned(holdfast);
        holdfast.close();
        for (String name : new String[] {"main", "copy"}) {
            execute(name, "SHUTDOWN");
        }
    }

    @Test
    void databaseThatIsDownIsLeftAtOnce() throws SQLException {
        execute("copy", ORDERS, "INSERT INTO orders VALUES (7, 'paid')");

        assertThat(stateOf(7)).isEqualTo("paid");
        assertThat(holdfast.info(databases.order().get(0)).circuit().failures()).isEqualTo(1);
    }

    @Test
    void databaseThatIsStuckIsLeftAfterTheTimeoutAndItsQueryIsStopped() throws SQLException {
        execute("main", STUCK);
        execute("copy", ORDERS, "INSERT INTO orders VALUES (7, 'paid')");

        CallResult<String> result =
                holdfast.blocking().callWithReport(databases, CallOptions.none(), attempt -> read(attempt, 7));

        assertThat(result.value()).isEqualTo("paid");
        assertThat(result.report().attempts())
                .extracting(attempt -> attempt.target().name())
                .containsExactly("orders/main", "orders/copy");
        assertThat(result.report().attempts().get(0).failure().category()).isEqualTo(Category.TIMEOUT);
        assertThat(running("main")).isZero();
    }

    @Test
    void wrongStatementIsNotTriedElsewhere() throws SQLException {
        execute("main", "CREATE TABLE other (id INT)");
        execute("copy", ORDERS);

        CallException error = catchThrowableOfType(CallException.class, () -> stateOf(7));

        assertThat(error.category()).isEqualTo(Category.INVALID_REQUEST);
        assertThat(error.scope()).isEqualTo(RetryScope.NEVER);
        assertThat(error).hasCauseInstanceOf(SQLException.class);
        assertThat(error.report().attempts()).hasSize(1);
    }

    @Test
    void writeThatMayHaveArrivedIsNotRepeated() throws SQLException {
        execute("main", ORDERS);
        execute("copy", ORDERS);

        CallException error = catchThrowableOfType(CallException.class, () -> {
            CallOptions once = CallOptions.none().withSideEffects(true);
            holdfast.blocking().call(databases, once, attempt -> {
                write(attempt, "INSERT INTO orders VALUES (8, 'new')");
                throw new SQLTransientConnectionException("the line went dead before the answer");
            });
        });

        assertThat(error.report().attempts()).hasSize(1);
        assertThat(error.report().attempts().get(0).maybeBilled()).isTrue();
    }

    private static void write(Attempt attempt, String statement) throws SQLException {
        try (Connection connection =
                DriverManager.getConnection(attempt.target().endpoint())) {
            connection.createStatement().execute(statement);
        }
    }

    /** Statements under way at a database, that which asks left out. */
    private static int running(String name) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:" + name);
                ResultSet rows = connection
                        .createStatement()
                        .executeQuery("SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS"
                                + " WHERE EXECUTING_STATEMENT LIKE 'SELECT state%'")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static void execute(String name, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1")) {
            for (String statement : statements) {
                connection.createStatement().execute(statement);
            }
        }
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "HOLDFAST_ROOT",
            matches = ".+",
            disabledReason = "the build sets HOLDFAST_ROOT to the checkout")
    void everySnippetOfThePageRuns() throws IOException {
        String tests = "core/src/test/java/dev/holdfast/";
        PageSnippets.assertRun(
                "docs/guarding-any-call.md",
                8,
                tests + "GuardedDatabasesPageTest.java",
                tests + "GuardedHttpPageTest.java");
    }
}
