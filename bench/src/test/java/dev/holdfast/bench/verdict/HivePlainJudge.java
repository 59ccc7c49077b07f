// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

/** Hive's plain calls: only a 429 and an empty answer are repeated. */
final class HivePlainJudge implements Judge {
    @Override
    public String name() {
        return "Hive";
    }

    @Override
    public String basis() {
        return "written here after its behaviour in plain calls: HTTP 429 and empty answers are retried, everything else is"
                + " raised; `retry-after-ms` and `retry-after` are read, up to 120 s, else 2 s";
    }

    @Override
    public int kinds() {
        return 0;
    }

    @Override
    public Opinion judge(ErrorCase error) {
        boolean empty = error.status() == 200 && !error.isStream() && error.json() != null && error.isEmptyAnswer();
        boolean limited = error.status() == 429 && !error.isStream();
        return Opinion.of(limited || empty, HiveDelay.first(error), Opinion.about());
    }
}
