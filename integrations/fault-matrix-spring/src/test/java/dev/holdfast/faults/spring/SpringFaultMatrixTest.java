// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.faults.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Conservation;
import dev.holdfast.Holdfast;
import dev.holdfast.faults.Cell;
import dev.holdfast.faults.FaultPage;
import dev.holdfast.faults.Matrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.ConfigurableApplicationContext;

/** What a guarded call of Spring AI makes of every fault. Over real sockets and in real time. */
@Timeout(300)
class SpringFaultMatrixTest {
    private static final Path PAGE =
            Path.of(Optional.ofNullable(System.getenv("HOLDFAST_ROOT")).orElse("../.."), "docs", "fault-matrix.md");

    private static final AtomicReference<ConfigurableApplicationContext> APPLICATION = new AtomicReference<>();
    private static Map<String, List<Cell>> guarded;

    @BeforeAll
    static void run() throws Exception {
        guarded = Matrix.run(
                Map.of(SpringSubjects.NAME, url -> {
                    APPLICATION.set(SpringSubjects.application(url));
                    return SpringSubjects.guarded(APPLICATION.get());
                }),
                1);
        if (Boolean.getBoolean("holdfast.docs.rewrite")) {
            Map<String, List<Cell>> bare = Matrix.run(Map.of(SpringSubjects.NAME, SpringSubjects::bare), 8);
            Files.writeString(
                    PAGE,
                    FaultPage.rewritten(
                            Files.readString(PAGE),
                            bare,
                            guarded,
                            Map.of(SpringSubjects.NAME, SpringSubjects.version())));
        }
    }

    @AfterAll
    static void everythingHasComeBack() {
        try (ConfigurableApplicationContext application = APPLICATION.get()) {
            Holdfast engine = application.getBean(Holdfast.class);
            Conservation.awaitAllReturned(engine);
        }
    }

    static Stream<Cell> cells() {
        return guarded.get(SpringSubjects.NAME).stream();
    }

    @ParameterizedTest
    @MethodSource("cells")
    void aGuardedCallEndsOnceHonestlyAndWithoutRetryingInVain(Cell cell) {
        assertThat(cell.wrong()).as(cell.fault().title() + ": " + cell.facts()).isEmpty();
    }

    @Test
    void thePageSaysWhatAFreshRunShowsTimesAside() throws IOException {
        assertThat(FaultPage.guardedFacts(Files.readString(PAGE), SpringSubjects.NAME))
                .as("docs/fault-matrix.md is out of date; rewrite it with -Dholdfast.docs.rewrite=true")
                .containsExactlyElementsOf(cells().map(cell -> cell.fault().title() + ": " + cell.facts())
                        .toList());
    }
}
