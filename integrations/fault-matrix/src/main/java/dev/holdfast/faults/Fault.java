// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.faults;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What a server does to a client, and what a guarded call must make of it. */
public enum Fault {
    SERVER_ERROR(
            "500, always",
            false,
            End.ERROR,
            3,
            request -> request.refuse(500, "", request.wire().error(500, "oops"))),
    CONTEXT(
            "400, the prompt is too long",
            false,
            End.ERROR,
            1,
            request -> request.refuse(400, "", request.wire().contextLength())),
    CONFLICT(
            "409, always",
            false,
            End.ERROR,
            3,
            request -> request.refuse(409, "", request.wire().error(409, "conflict"))),
    QUOTA(
            "no credit left (OpenAI 429 `insufficient_quota`, Anthropic 400, Gemini 429 of a day)",
            false,
            End.ERROR,
            1,
            request -> request.refuse(
                    request.wire().quotaStatus(), "", request.wire().quota())),
    WAIT_2("429, `Retry-After: 2`, then an answer", false, End.ANSWER, 2, 2000, once("Retry-After: 2\r\n")),
    WAIT_20(
            "429, `Retry-After: 20`, 10 s left",
            false,
            End.ERROR,
            1,
            request -> request.refuse(429, "Retry-After: 20\r\n", request.wire().rateLimit())),
    WAIT_3600(
            "429, `Retry-After: 3600`",
            false,
            End.ERROR,
            1,
            request ->
                    request.refuse(429, "Retry-After: 3600\r\n", request.wire().rateLimit())),
    PAST_DATE(
            "429, `Retry-After` a date an hour ago",
            false,
            End.ERROR,
            3,
            request -> request.refuse(
                    429, "Retry-After: " + hourAgo() + "\r\n", request.wire().rateLimit())),
    WAIT_MILLIS(
            "429, `retry-after-ms: 900`, then an answer", false, End.ANSWER, 2, 900, once("retry-after-ms: 900\r\n")),
    DO_RETRY("400 without a reason, `x-should-retry: true`, then an answer", false, End.ANSWER, 2, request -> {
        if (request.number() == 1) {
            request.refuse(400, "x-should-retry: true\r\n", "{}");
        } else {
            request.answer();
        }
    }),
    DO_NOT_RETRY(
            "429, `x-should-retry: false`",
            false,
            End.ERROR,
            1,
            request -> request.refuse(
                    429, "x-should-retry: false\r\n", request.wire().rateLimit())),
    SILENT("no answer at all", false, End.ERROR, 3, Request::fallSilent),
    BODY_STALLS("head, then the body stalls", false, End.ERROR, 3, request -> {
        request.begin(40);
        request.fallSilent();
    }),
    PAGE(
            "200 with an HTML page",
            false,
            End.ERROR,
            3,
            request -> request.respond(200, "", "text/html", "<html>hello</html>")),
    SHORT_BODY("a body shorter than it says", false, End.ERROR, 3, request -> request.begin(40)),
    STREAM_500(
            "500 on opening the stream",
            true,
            End.ERROR,
            3,
            request -> request.refuse(500, "", request.wire().error(500, "oops"))),
    STREAM_STALLS("the stream stalls after two words", true, End.ERROR, 1, request -> {
        request.openStream();
        request.words(0, 2);
        request.fallSilent();
    }),
    NO_TERMINAL("the stream ends without its terminal marker", true, End.ERROR, 1, request -> {
        request.openStream();
        request.words(0, 3);
        request.endStream();
    }),
    CUT("the connection is cut in the stream", true, End.ERROR, 1, request -> {
        request.openStream();
        request.words(0, 3);
        request.cut();
    }),
    ERROR_EVENT("an `error` event in the stream", true, End.ERROR, 1, request -> {
        request.openStream();
        request.words(0, 3);
        request.piece(request.wire().errorEvent());
        request.endStream();
    }),
    ERROR_FIRST("an `error` event before any content", true, End.ERROR, 3, request -> {
        request.openStream();
        request.piece(request.wire().errorEvent());
        request.endStream();
    }),
    STREAM_PAGE(
            "an HTML page in place of a stream",
            true,
            End.ERROR,
            3,
            request -> request.respond(200, "", "text/html", "<html>hello</html>")),
    STREAM_EMPTY("a stream without events", true, End.ERROR, 3, request -> {
        request.openEmptyStream();
        request.endStream();
    }),
    HEALTHY("a healthy stream, slower than the timeout of 2 s", true, End.ANSWER, 1, request -> {
        request.openStream();
        for (int i = 0; i < Wire.WORDS.size(); i++) {
            request.words(i, i + 1);
            request.pause(600);
        }
        request.piece(request.wire().closing());
        request.endStream();
    });

    /** How a call ends. */
    public enum End {
        ANSWER,
        ERROR
    }

    /** Treats one request. */
    @FunctionalInterface
    interface Treatment {
        void serve(Request request) throws IOException;
    }

    private final String title;
    private final boolean stream;
    private final End end;
    private final int tries;
    private final int gapMillis;
    private final Treatment treatment;

    Fault(String title, boolean stream, End end, int tries, Treatment treatment) {
        this(title, stream, end, tries, 0, treatment);
    }

    Fault(String title, boolean stream, End end, int tries, int gapMillis, Treatment treatment) {
        this.title = title;
        this.stream = stream;
        this.end = end;
        this.tries = tries;
        this.gapMillis = gapMillis;
        this.treatment = treatment;
    }

    private static Treatment once(String header) {
        return request -> {
            if (request.number() == 1) {
                request.refuse(429, header, request.wire().rateLimit());
            } else {
                request.answer();
            }
        };
    }

    private static String hourAgo() {
        return DateTimeFormatter.RFC_1123_DATE_TIME
                .withLocale(Locale.ROOT)
                .format(Instant.now().minusSeconds(3600).atOffset(ZoneOffset.UTC));
    }

    public String title() {
        return title;
    }

    /** Whether the client asks for a stream. */
    public boolean stream() {
        return stream;
    }

    /** How a guarded call must end. */
    public End end() {
        return end;
    }

    /** How many requests of a guarded call the server must see. */
    public int tries() {
        return tries;
    }

    /** The least time between two requests of a guarded call. */
    public int gapMillis() {
        return gapMillis;
    }

    void serve(Request request) throws IOException {
        treatment.serve(request);
    }
}
