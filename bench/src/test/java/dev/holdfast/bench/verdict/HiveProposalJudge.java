// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

import java.time.Duration;

/** The retry handler once proposed for Hive: any exception is repeated. */
final class HiveProposalJudge implements Judge {
    /** One second times the most of its jitter. */
    private static final Duration FIRST_WAIT = Duration.ofMillis(1500);

    @Override
    public String name() {
        return "Hive proposal";
    }

    @Override
    public String basis() {
        return "written here after the resilience change proposed for it: every exception is retried, headers are not read;"
                + " streams are not covered";
    }

    @Override
    public int kinds() {
        return 0;
    }

    @Override
    public Opinion judge(ErrorCase error) {
        boolean raised = error.exception() == null
                ? error.status() >= 400
                : !(Thrown.from(error) instanceof InterruptedException);
        return Opinion.of(raised && !error.isStream(), FIRST_WAIT, Opinion.about());
    }
}
