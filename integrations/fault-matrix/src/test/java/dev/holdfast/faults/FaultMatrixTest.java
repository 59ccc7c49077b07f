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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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

    private static final int AT_ONCE = 8;

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
                .withDeadline(Duration.ofSeconds(10))
                .withRetry(RetryConfig.defaults()
                        .withBackoff(Backoff.exponential(Duration.ofMillis(50), 2, Duration.ofMillis(200))))
                .withTimeouts(TimeoutConfig.defaults()
                        .withFirstContent(Duration.ofSeconds(2))
                        .withIdle(Duration.ofSeconds(2)))));
        guarded = Matrix.run(Subjects.guarded(holdfast.engine), AT_ONCE);
        if (Boolean.getBoolean("holdfast.docs.rewrite")) {
            String page = Files.exists(PAGE) ? Files.readString(PAGE) : "";
            Map<String, Function<String, Subject>> alone = Subjects.bare();
            Map<String, List<Cell>> withHoldfast = new LinkedHashMap<>(guarded);
            String only = System.getProperty("holdfast.docs.client");
            if (only != null) {
                alone.keySet().retainAll(Set.of(only));
                withHoldfast.keySet().retainAll(alone.keySet());
            }
            Map<String, List<Cell>> bare = Matrix.run(alone, AT_ONCE);
            Files.writeString(PAGE, FaultPage.rewritten(page, bare, withHoldfast, Subjects.versions()));
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

        assertThat(cell.wrong()).as(cell.facts()).isEmpty();
    }

    @Test
    void thePageSaysWhatAFreshRunShowsTimesAside() throws IOException {
        String page = Files.readString(PAGE);

        guarded.forEach((client, cells) -> assertThat(FaultPage.guardedFacts(page, client))
                .as("docs/fault-matrix.md is out of date; rewrite it with -Dholdfast.docs.rewrite=true")
                .containsExactlyElementsOf(
                        cells.stream().map(FaultMatrixTest::fact).toList()));
    }

    private static String fact(Cell cell) {
        return cell.fault().title() + ": " + cell.facts();
    }
}
