// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.RealHoldfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.retry.Backoff;
import dev.holdfast.retry.RetryConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a guarded call makes of every fault, for every client. Over real sockets and in real time. */
@Timeout(240)
class FaultMatrixTest {
    private static final Path PAGE =
            Path.of(Optional.ofNullable(System.getenv("HOLDFAST_ROOT")).orElse("../.."), "docs", "fault-matrix.md");

    private static RealHoldfast holdfast;
    private static Map<String, List<Cell>> guarded;

    record Named(String client, Cell cell) {
        @Override
        public String toString() {
            return client + ": " + cell.fault().title();
        }
    }

    @BeforeAll
    static void run() throws Exception {
        holdfast = new RealHoldfast(builder -> builder.config(ResilienceConfig.defaults()
                .withDeadline(Duration.ofSeconds(7))
                .withRetry(RetryConfig.defaults()
                        .withBackoff(Backoff.exponential(Duration.ofMillis(50), 2, Duration.ofMillis(200))))
                .withTimeouts(TimeoutConfig.defaults()
                        .withFirstContent(Duration.ofSeconds(1))
                        .withIdle(Duration.ofSeconds(1)))));
        guarded = Matrix.run(Subjects.guarded(holdfast.engine));
        if (Boolean.getBoolean("holdfast.docs.rewrite")) {
            Files.writeString(PAGE, FaultPage.render(Matrix.run(Subjects.bare()), guarded, Subjects.versions()));
        }
    }

    @AfterAll
    static void everythingHasComeBack() {
        holdfast.awaitAllReturned();
        holdfast.close();
    }

    static Stream<Named> cells() {
        return guarded.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(cell -> new Named(entry.getKey(), cell)));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void aGuardedCallEndsOnceHonestlyAndWithoutRetryingInVain(Named named) {
        Cell cell = named.cell();
        Fault fault = cell.fault();

        assertThat(cell.completions() + cell.errors()).as("ends").isEqualTo(1);
        assertThat(cell.completions()).as("answers: " + cell.facts()).isEqualTo(fault.end() == Fault.End.ANSWER ? 1 : 0);
        assertThat(cell.completions() == 0 || cell.whole()).as("whole").isTrue();
        assertThat(cell.tries()).as("requests: " + cell.facts()).isEqualTo(fault.tries());
        if (fault.gapMillis() > 0) {
            assertThat(cell.shortestGapMillis()).as("the stated wait").isGreaterThanOrEqualTo(fault.gapMillis());
        }
    }

    @Test
    void thePageSaysWhatAFreshRunShowsTimesAside() throws IOException {
        List<String> page = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| fault |"))
                .map(FaultMatrixTest::guardedOf)
                .toList();

        assertThat(page)
                .as("docs/fault-matrix.md is out of date; rewrite it with -Dholdfast.docs.rewrite=true")
                .containsExactlyElementsOf(cells().map(named -> guardedOf(FaultPage.row(
                                named.cell().fault(), "", named.cell().told())))
                        .toList());
    }

    /** The fault and what a guarded call made of it, without the time. */
    private static String guardedOf(String row) {
        String[] columns = row.split(" \\| ?", -1);
        return columns[0] + ": " + columns[2].replaceAll(" · [0-9.]+ s", "").replace(" |", "");
    }
}
