// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import dev.holdfast.failure.Category;
import java.util.EnumMap;
import java.util.Map;

/** Writes the documentation page on errors from the categories and the rule tables. */
final class ErrorsPage {
    private static final Map<Category, String> MEANING = meaning();

    private final StringBuilder page = new StringBuilder();

    private ErrorsPage() {}

    static String render() {
        ErrorsPage page = new ErrorsPage();
        page.introduction();
        page.categories();
        page.waits();
        page.tables();
        return page.page.toString();
    }

    private void introduction() {
        page.append("""
                # Errors

                <!-- Generated from the rule tables of the code. To change this page change the code, then run
                     ./mvnw -pl llm -am test -Dtest=ErrorsPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dholdfast.docs.rewrite=true -->

                Every failed attempt gets one verdict: a **category** (what kind of failure), a **retry scope** (where another attempt can
                help), a **reach** (what else fails in the same way), the **hint** (a wait that the server stated, never shortened), whether
                the request can have been **sent**, and the name of the **rule** that decided. `holdfast classify` prints them.

                The engine decides by the retry scope alone: `same_target` – wait and try again here, or fail over; `other_target` – fail
                over, never wait here; `never` – stop.

                """);
    }

    private void categories() {
        page.append("## Categories\n\n")
                .append("Scope and reach are the usual ones; a rule may say otherwise, and its verdict counts.\n\n")
                .append("| category | what happened | usual scope | usual reach | counted by the circuit |\n")
                .append("|---|---|---|---|---|\n");
        for (Category category : Category.values()) {
            page.append("| `%s` | %s | `%s` | `%s` | %s |%n"
                    .formatted(
                            category,
                            MEANING.get(category),
                            category.usualScope(),
                            category.usualReach(),
                            category.targetAtFault() ? "yes" : "no"));
        }
        page.append('\n');
    }

    private void waits() {
        page.append("""
                ## Stated waits

                In this order: `retry-after-ms`, `retry-after` (seconds, fractions, HTTP date against the response's `Date`), the longer of
                fields (`retryDelay`, `estimated_time`, `resets_in_seconds`, `retry_after` …) and words ("try again in 1m47.5s", "retry after
                60 seconds") of the body, then the reset header of a dimension whose remaining is 0. Zero is no hint; "try again later" and
                calendar dates are none either. A stated wait over 5 minutes makes the scope `other_target`. `x-should-retry: false`
                forbids a retry on the same target; `true` allows one where nothing but the bare status spoke against it. For categories that no wait cures only a `retry-after` header is taken.

                """);
    }

    private void tables() {
        page.append("## Rules\n\n")
                .append(
                        "Rules are asked step by step; inside a step the provider's own table first, then the one for all providers.\n")
                .append(
                        "Behind a gateway, and for an unknown provider, the other tables follow; elsewhere only their typed codes do.\n")
                .append(
                        "Text is compared in lower case with punctuation as spaces, codes without case and punctuation.\n\n");
        for (RuleTable table : Tables.ALL) {
            page.append("### ").append(table.title()).append("\n\n");
            if (!table.providers().isEmpty()) {
                page.append("Providers: `")
                        .append(String.join("`, `", table.providers()))
                        .append("`\n\n");
            }
            page.append("| step | rule | verdict | when |\n|---|---|---|---|\n");
            table.rules().stream()
                    .sorted((a, b) -> a.step().compareTo(b.step()))
                    .forEach(rule -> row(table, rule));
            page.append('\n');
        }
    }

    private void row(RuleTable table, Rule rule) {
        Verdict verdict = rule.verdict();
        page.append("| %s | `%s` | %s, %s, %s%s | %s |%n"
                .formatted(
                        rule.step().title(),
                        table.nameOf(rule),
                        verdict.category(),
                        verdict.scope(),
                        verdict.reach(),
                        verdict.sent() ? "" : ", not sent",
                        rule.when().words()));
    }

    private static Map<Category, String> meaning() {
        Map<Category, String> meaning = new EnumMap<>(Category.class);
        meaning.put(Category.RATE_LIMIT, "request or token rate over the limit for now; the quota domain pauses");
        meaning.put(
                Category.QUOTA_EXHAUSTED,
                "no credit, or a limit that does not come back soon; the credential is blocked if it is named");
        meaning.put(Category.OVERLOADED, "the provider is short of capacity, whoever asks");
        meaning.put(Category.SERVER_ERROR, "the provider failed inside");
        meaning.put(Category.TIMEOUT, "no answer, or no further bytes, in time");
        meaning.put(Category.NETWORK, "the connection could not be made or broke before an answer");
        meaning.put(Category.AUTH, "the credential is missing, wrong or revoked; it is blocked");
        meaning.put(Category.PERMISSION, "the credential is known but may not do this");
        meaning.put(Category.NOT_FOUND, "the model or endpoint does not exist here");
        meaning.put(
                Category.INVALID_REQUEST,
                "malformed, or asks for what this target (other_target) or any (never) cannot do");
        meaning.put(Category.CONTEXT_LENGTH, "the prompt does not fit the model's context");
        meaning.put(Category.CONTENT_FILTER, "input or output was refused by a content policy");
        meaning.put(
                Category.REQUEST_TOO_LARGE,
                "the body, or the tokens asked for at once, exceed what this target ever takes");
        meaning.put(Category.CONFLICT, "another request holds the resource");
        meaning.put(
                Category.STREAM_INTERRUPTED, "an answer had begun and was cut, or ended without its terminal marker");
        meaning.put(Category.EMPTY_RESPONSE, "a success that holds nothing");
        meaning.put(Category.INVALID_OUTPUT, "the output does not meet the schema or the tool's parameters");
        meaning.put(Category.MODEL_LOADING, "the model is being loaded");
        meaning.put(Category.CANCELLED, "the caller left");
        meaning.put(Category.UNKNOWN, "nothing is known; at most one retry");
        return meaning;
    }
}
