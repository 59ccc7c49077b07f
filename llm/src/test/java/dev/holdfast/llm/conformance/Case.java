// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.conformance;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * One thing that goes wrong upstream, and how it is asked.
 *
 * @param models in failover order: behaviours of the simulator, {@code gone} (nobody listens), {@code canned/…}
 * @param calls how many are made, one after the other
 * @param deadline of each; null for none
 */
public record Case(String id, String what, Kind kind, List<String> models, int calls, Duration deadline) {
    /** How an answer is asked for, and what the asker does. */
    public enum Kind {
        STREAM,
        STRUCTURED,
        LEAVES_AFTER_CONTENT,
        RECOVERY
    }

    public static final Duration FIRST_CONTENT = Duration.ofSeconds(1);
    public static final Duration IDLE = Duration.ofSeconds(1);

    private static Case stream(String id, String what, String... models) {
        return new Case(id, what, Kind.STREAM, List.of(models), 1, null);
    }

    public static Case warmUp() {
        return stream("S0", "nothing", "ok", "ok,tokens=19", "ok,tokens=18");
    }

    public static List<Case> all() {
        return Stream.of(
                        before(),
                        after(),
                        List.of(
                                new Case(
                                        "S12",
                                        "200 with JSON that does not fit the schema",
                                        Kind.STRUCTURED,
                                        List.of("bad-json"),
                                        1,
                                        null),
                                stream("S13", "400", "400", "ok"),
                                stream("S13", "401", "401", "ok"),
                                stream("S13", "403", "403", "ok"),
                                stream("S13", "404", "404", "ok"),
                                stream("S14", "context length exceeded", "canned/context", "ok"),
                                stream("S15", "the model refuses", "canned/refusal", "ok"),
                                stream("S16", "all targets down", "500", "503"),
                                new Case(
                                        "S17",
                                        "recovery: 20 calls while down, then 10 at once",
                                        Kind.RECOVERY,
                                        List.of("ttft=500"),
                                        20,
                                        null),
                                new Case(
                                        "S18",
                                        "the client leaves after the first content",
                                        Kind.LEAVES_AFTER_CONTENT,
                                        List.of("rate=20"),
                                        1,
                                        null),
                                new Case(
                                        "S19", "20 calls while every one fails", Kind.STREAM, List.of("500"), 20, null),
                                new Case(
                                        "S20",
                                        "hangs; the caller's deadline is 300 ms",
                                        Kind.STREAM,
                                        List.of("hang", "ok"),
                                        1,
                                        Duration.ofMillis(300))))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Case> before() {
        return List.of(
                stream("S1", "500 twice, then ok", "fail=2,status=500"),
                stream("S2", "429, Retry-After: 1", "fail=1,status=429,retry-after=1"),
                stream("S2", "429, retry-after-ms: 150", "fail=1,status=429,retry-after-ms=150"),
                stream("S2", "429, Retry-After: a date 1 s ahead", "fail=1,status=429,retry-after-date=1"),
                new Case(
                        "S2",
                        "429, Retry-After: 90, deadline 2 s",
                        Kind.STREAM,
                        List.of("429,retry-after=90"),
                        1,
                        Duration.ofSeconds(2)),
                stream("S3", "connection refused", "gone", "ok"),
                stream("S4", "slow headers", "slow-headers=60000", "ok"),
                stream("S5", "slow first content", "ttft=60000", "ok"));
    }

    private static List<Case> after() {
        return List.of(
                stream("S6", "stall in the middle", "stall", "ok"),
                stream("S7", "cut in the middle", "cut", "ok"),
                stream("S8", "malformed chunk", "malformed,after=3", "ok"),
                stream("S9", "error as first event", "error-first", "ok"),
                stream("S10", "metadata, then error", "meta-then-error", "ok"),
                stream("S11", "200 and empty", "empty", "ok"));
    }
}
