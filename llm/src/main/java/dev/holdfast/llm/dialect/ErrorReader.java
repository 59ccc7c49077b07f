// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Classified;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.error.ErrorInput;
import dev.holdfast.llm.transport.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Brings what went wrong into the form that the classifier judges, and words the verdicts that need no rules: answers
 * that are no answers. Immutable and thread-safe.
 */
public final class ErrorReader {
    /** An HTTP/2 server's word that it has not begun with a request, although the connection stood. */
    private static final String NOT_PROCESSED = "connection.stream_not_processed";

    private static final ResponseHead NO_HEAD = new ResponseHead(0, Map.of());

    private final String provider;
    private final Function<ErrorInput, Failure> classifier;
    private final DecodeLimits limits;

    /**
     * @param provider the provider family by which the classifier finds its rules
     * @param classifier the rules; must be thread-safe and must not throw
     */
    public ErrorReader(String provider, Function<ErrorInput, Failure> classifier, DecodeLimits limits) {
        this.provider = provider;
        this.classifier = classifier;
        this.limits = limits;
    }

    public DecodeLimits limits() {
        return limits;
    }

    /** An error response, or a successful one whose body is an error. */
    public ProviderException response(ResponseHead head, byte[] body) {
        return exception(head, classifier.apply(ErrorInput.http(provider, head.status(), head.headers(), text(body))));
    }

    /** A successful response that is not of this dialect: the rules may know the page, otherwise it is a server error. */
    public ProviderException unreadable(ResponseHead head, byte[] body) {
        ProviderException known = response(head, body);
        if (known.failure().category() != Category.UNKNOWN) {
            return known;
        }
        String type = head.mediaType().isEmpty() ? "no content type" : head.mediaType();
        return exception(
                head,
                Failure.of(
                        Category.SERVER_ERROR,
                        "response.unreadable",
                        "HTTP " + head.status() + " with a body that is not an answer (" + type
                                + "); is the base URL right?"));
    }

    /** A successful response without content. */
    public ProviderException empty(ResponseHead head) {
        return exception(head, emptyFailure());
    }

    /** A successful response that a policy emptied. */
    public ProviderException filtered(ResponseHead head) {
        return exception(head, filteredFailure());
    }

    /** A response that is larger than allowed. */
    public ProviderException tooLarge(ResponseHead head) {
        return exception(head, tooLargeFailure());
    }

    /** A request that this dialect cannot carry; another target may. */
    public ProviderException notCarried(String what) {
        return exception(
                NO_HEAD,
                Failure.of(Category.INVALID_REQUEST, "request.not_carried", "this target cannot take " + what)
                        .withScope(RetryScope.OTHER_TARGET)
                        .withSent(false));
    }

    /**
     * What a transport reported.
     *
     * @param sent whether the connection stood, so that the server may have acted on the request
     */
    public Failure thrown(Throwable error, @Nullable ResponseHead head, boolean contentSeen, boolean sent) {
        if (error instanceof Classified classified) {
            return classified.failure();
        }
        ResponseHead seen = head == null ? NO_HEAD : head;
        Failure failure = classifier.apply(new ErrorInput(
                provider, ErrorInput.Transport.EXCEPTION, seen.status(), seen.headers(), "", contentSeen, error, null));
        boolean acted = head != null || (sent && !failure.rule().equals(NOT_PROCESSED));
        return (failure.cause() == null ? failure.withCause(error) : failure).withSent(acted);
    }

    /** {@link #thrown} before any response, as an exception. */
    public ProviderException exception(Throwable error, boolean sent) {
        return error instanceof ProviderException already
                ? already
                : exception(NO_HEAD, thrown(error, null, false, sent));
    }

    Failure inStream(ResponseHead head, String payload, boolean contentSeen) {
        return classifier.apply(
                ErrorInput.stream(provider, head.status(), head.headers(), bounded(payload), contentSeen));
    }

    /** An event that cannot be read: perhaps an error in some form of its own, otherwise an interruption. */
    Failure malformed(ResponseHead head, String payload, boolean contentSeen) {
        boolean perhapsError = !payload.startsWith("{") || payload.contains("\"error\"");
        Failure known = perhapsError ? inStream(head, payload, contentSeen) : null;
        return known != null && known.category() != Category.UNKNOWN
                ? known
                : Failure.of(
                        Category.STREAM_INTERRUPTED,
                        "stream.malformed",
                        "the stream holds an event that cannot be read");
    }

    static Failure emptyFailure() {
        return Failure.of(Category.EMPTY_RESPONSE, "response.empty", "the answer holds neither text nor tool calls");
    }

    static Failure filteredFailure() {
        return Failure.of(
                Category.CONTENT_FILTER,
                "response.content_filter",
                "a content policy ended the answer before it began");
    }

    Failure tooLargeFailure() {
        return Failure.of(
                Category.SERVER_ERROR,
                "response.too_large",
                "the answer is larger than the limit of " + limits.responseBytes() + " bytes");
    }

    private static ProviderException exception(ResponseHead head, Failure failure) {
        return new ProviderException(failure, head.status(), head.headers());
    }

    private String text(byte[] body) {
        return new String(body, 0, Math.min(body.length, limits.errorBytes()), StandardCharsets.UTF_8);
    }

    private String bounded(String payload) {
        return payload.length() <= limits.errorBytes() ? payload : payload.substring(0, limits.errorBytes());
    }
}
