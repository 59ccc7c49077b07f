// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.failure.Reach;
import dev.holdfast.failure.RetryScope;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows what an error of an LLM provider means: category, where a retry can help, how far the failure reaches, the wait
 * that the server stated, whether the request can have been sent.
 *
 * <p>Order: the caller left; connections that failed without a status; documented liars; typed codes; words; HTTP status;
 * the class of an exception; unknown. {@code x-should-retry: false} forbids a retry on the same target whatever they say,
 * {@code true} allows one where only the bare status spoke against it. A stated wait over {@link #MAX_USEFUL_WAIT} makes
 * the scope {@code other_target}; the hint itself is never shortened. The tables are printed in the documentation page on
 * errors.
 *
 * <p>Immutable, thread-safe, never throws, never blocks. At most 64 KiB of a body are looked at, in linear time.
 */
public final class ProviderErrorClassifier {
    /** A stated wait longer than this makes another target the better choice: 5 minutes. */
    public static final Duration MAX_USEFUL_WAIT = Duration.ofMinutes(5);

    private static final int MAX_DEPTH = 32;

    /** What no wait cures: a number of minutes in its text is advice for people. */
    private static final Set<Category> IMPATIENT = EnumSet.of(
            Category.AUTH,
            Category.PERMISSION,
            Category.NOT_FOUND,
            Category.INVALID_REQUEST,
            Category.CONTENT_FILTER,
            Category.CONTEXT_LENGTH,
            Category.CANCELLED);

    private final Clock clock;
    private final boolean pastGuardrails;

    private ProviderErrorClassifier(Clock clock, boolean pastGuardrails) {
        this.clock = clock;
        this.pastGuardrails = pastGuardrails;
    }

    /** A classifier with the system clock that does not fail over past the caller's own guardrails. */
    public static ProviderErrorClassifier create() {
        return new ProviderErrorClassifier(Clock.systemUTC(), false);
    }

    /** The same with another clock; it matters only for dates in responses without a {@code Date} header. */
    public ProviderErrorClassifier withClock(Clock newClock) {
        return new ProviderErrorClassifier(newClock, pastGuardrails);
    }

    /**
     * Whether a refusal by guardrails that the caller configured at the provider (Bedrock Guardrails, Model Armor) may go
     * to another target. Off by default (scope {@code never}), since there the guardrail would be bypassed.
     */
    public ProviderErrorClassifier withFailoverPastGuardrails(boolean allowed) {
        return new ProviderErrorClassifier(clock, allowed);
    }

    /** Classifies exceptions for the engine; the provider is taken as unknown. */
    public FailureClassifier asFailureClassifier() {
        return asFailureClassifier(null);
    }

    /** Classifies exceptions of one provider for the engine. */
    public FailureClassifier asFailureClassifier(@Nullable String provider) {
        return error -> classify(ErrorInput.exception(provider, error));
    }

    /** The verdict. Never null, never throws; what cannot be understood is {@link Category#UNKNOWN}. */
    public Failure classify(ErrorInput input) {
        try {
            Failure own = ownVerdict(input.exception());
            return own != null ? own : judge(input);
        } catch (RuntimeException | StackOverflowError broken) {
            return Failure.of(Category.UNKNOWN, "unknown.unreadable", "error that could not be read")
                    .withCause(input.exception());
        }
    }

    private static @Nullable Failure ownVerdict(@Nullable Throwable thrown) {
        Throwable current = thrown;
        for (int depth = 0; current != null && depth < MAX_DEPTH; depth++) {
            if (current instanceof Classified classified) {
                Failure failure = classified.failure();
                return failure.cause() == null ? failure.withCause(thrown) : failure;
            }
            current = current.getCause();
        }
        return null;
    }

    private Failure judge(ErrorInput input) {
        ErrorFields fields = new ErrorFields();
        ErrorInput known = gathered(input, fields);
        List<String> messages = fields.messages();
        String text = messages.size() == 1 ? messages.get(0) : String.join("\n", messages);
        LimitText.read(text, fields);
        int status = known.status() >= 300 ? known.status() : fields.status();
        boolean limited = status == 429 || status == 503 || status == 529;
        Duration inHeader = Waits.inRetryAfter(known, clock);
        Duration hint = inHeader != null ? inHeader : Waits.elsewhere(known, fields, text, limited, clock);
        if (hint != null) {
            fields.set(Fact.WAIT_STATED);
        }
        Evidence evidence = evidence(fields, text, status);
        RuleBook.Match match = Tables.BOOK.match(known.provider(), evidence);
        Verdict verdict = adjusted(match, evidence, hint, known.header("x-should-retry"));
        return new Failure(
                verdict.category(),
                verdict.scope(),
                verdict.reach(),
                IMPATIENT.contains(verdict.category()) ? inHeader : hint,
                verdict.sent(),
                match == null ? "unknown" : match.name(),
                message(match, verdict, status, fields),
                input.exception());
    }

    private static ErrorInput gathered(ErrorInput input, ErrorFields fields) {
        ErrorInput known = input;
        if (input.status() >= 300) {
            fields.statusIsKnown();
        }
        if (input.exception() != null) {
            known = ThrownReader.read(input, input.exception(), fields);
        } else if (input.exceptionText() != null) {
            ThrownReader.readText(input.exceptionText(), fields);
        }
        if (known.transport() != ErrorInput.Transport.EXCEPTION || !known.body().isEmpty()) {
            new ResponseReader(fields).read(known);
        }
        if (known.contentSeen()) {
            fields.set(Fact.CONTENT_SEEN);
        }
        HeaderCodes.read(known, fields);
        return known;
    }

    private static Evidence evidence(ErrorFields fields, String text, int status) {
        long[] signals = Tables.BOOK.signals().found(fields.codes(), text, fields.thrown());
        return new Evidence(status, fields.facts(), signals);
    }

    /** The rule's verdict, and what is decided whichever rule it was. */
    private Verdict adjusted(
            RuleBook.@Nullable Match match, Evidence evidence, @Nullable Duration hint, @Nullable String shouldRetry) {
        Verdict verdict =
                match == null ? Verdict.of(Category.UNKNOWN) : match.rule().verdict();
        verdict = cutShort(verdict, evidence);
        boolean ownGuardrail = evidence.holds(Fact.OWN_GUARDRAIL)
                || match != null && match.rule().name().equals(Rule.OWN_GUARDRAIL);
        if (ownGuardrail && !pastGuardrails) {
            verdict = verdict.never();
        }
        boolean certain = match != null && match.rule().step() != Rule.Step.STATUS;
        if ("true".equalsIgnoreCase(shouldRetry) && !certain) {
            verdict = verdict.here();
        }
        boolean refusedHere = "false".equalsIgnoreCase(shouldRetry);
        boolean tooLong = hint != null && hint.compareTo(MAX_USEFUL_WAIT) > 0;
        return verdict.scope() == RetryScope.SAME_TARGET && (refusedHere || tooLong) ? verdict.elsewhere() : verdict;
    }

    /** A failure inside the provider or on the way after content has come is an answer cut short. */
    private static Verdict cutShort(Verdict verdict, Evidence evidence) {
        boolean generic = verdict.category() == Category.SERVER_ERROR
                || verdict.category() == Category.UNKNOWN
                || verdict.category() == Category.NETWORK;
        return generic && evidence.holds(Fact.CONTENT_SEEN)
                ? new Verdict(Category.STREAM_INTERRUPTED, verdict.scope(), Reach.TARGET, true)
                : verdict;
    }

    /** What the server said; of a connection what happened to it, and the library's words behind that. */
    private static String message(RuleBook.@Nullable Match match, Verdict verdict, int status, ErrorFields fields) {
        String plain = match == null ? null : ConnectionWords.of(match.name());
        if (plain != null) {
            return SafeMessage.explained(plain, fields.messages());
        }
        String said = SafeMessage.of(fields.messages());
        return said != null ? said : fallbackMessage(verdict, status, fields);
    }

    private static String fallbackMessage(Verdict verdict, int status, ErrorFields fields) {
        if (status != 0) {
            return "HTTP " + status;
        }
        return fields.thrown().isEmpty()
                ? verdict.category().word()
                : fields.thrown().get(0);
    }
}
