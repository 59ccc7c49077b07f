// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

/** Hive's streams, which its agents use: more is repeated there than in plain calls. */
final class HiveStreamJudge implements Judge {
    @Override
    public String name() {
        return "Hive streams";
    }

    @Override
    public String basis() {
        return "the same for its streams: 429, 500, 502, 503, timeouts, I/O exceptions and empty streams are retried. An error"
                + " written into a stream counts as 500, in its favour";
    }

    @Override
    public int kinds() {
        return 0;
    }

    @Override
    public Opinion judge(ErrorCase error) {
        boolean retried = error.exception() != null ? Thrown.io(Thrown.from(error)) != null : retried(error);
        return Opinion.of(retried, HiveDelay.first(error), Opinion.about());
    }

    private static boolean retried(ErrorCase error) {
        return switch (error.status()) {
            case 200 -> error.statesAnError() || error.isEmptyAnswer();
            case 408, 429, 500, 502, 503, 504 -> true;
            default -> false;
        };
    }
}
