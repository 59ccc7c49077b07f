// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

import dev.holdfast.llm.error.ErrorInput;
import dev.holdfast.llm.error.ProviderErrorClassifier;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** From an error response as it came to the verdict: the bodies have the shape and the length of what providers send. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ClassificationBenchmark {
    /** One of the responses of {@link Response}. */
    @Param
    public Response response = Response.RATE_LIMIT;

    private final ProviderErrorClassifier classifier = ProviderErrorClassifier.create();

    /** What is classified. */
    public enum Response {
        /** Throttled, with the headers that state limits and waits. */
        RATE_LIMIT(
                "openai",
                429,
                Map.of(
                        "content-type", List.of("application/json"),
                        "retry-after", List.of("7"),
                        "x-ratelimit-limit-requests", List.of("500"),
                        "x-ratelimit-remaining-requests", List.of("0"),
                        "x-ratelimit-reset-requests", List.of("7s"),
                        "x-request-id", List.of("req_0123456789abcdef")),
                "{\"error\": {\"message\": \"Too many requests were made with this key. Try again in 7s.\","
                        + " \"type\": \"requests\", \"param\": null, \"code\": \"rate_limit_exceeded\"}}"),
        /** The provider has too much to do. */
        OVERLOADED(
                "anthropic",
                529,
                Map.of("content-type", List.of("application/json"), "request-id", List.of("req_0123456789abcdef")),
                "{\"type\": \"error\", \"error\": {\"type\": \"overloaded_error\", \"message\": \"Overloaded\"}}"),
        /** The request is too long for the model. */
        CONTEXT_LENGTH(
                "openai",
                400,
                Map.of("content-type", List.of("application/json")),
                "{\"error\": {\"message\": \"The prompt has 140212 tokens and this model takes 128000 at the most."
                        + " Please shorten it.\", \"type\": \"invalid_request_error\", \"param\": \"messages\","
                        + " \"code\": \"context_length_exceeded\"}}"),
        /** A load balancer's page. */
        GATEWAY_PAGE(
                "openai",
                502,
                Map.of("content-type", List.of("text/html")),
                "<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n<center><h1>502 Bad Gateway</h1></center>\n"
                        + "<hr><center>proxy</center>\n</body>\n</html>\n");

        private final String provider;
        private final int status;
        private final Map<String, List<String>> headers;
        private final String body;

        Response(String provider, int status, Map<String, List<String>> headers, String body) {
            this.provider = provider;
            this.status = status;
            this.headers = headers;
            this.body = body;
        }
    }

    @Benchmark
    public Object classify() {
        Response what = response;
        return classifier.classify(ErrorInput.http(what.provider, what.status, what.headers, what.body));
    }
}
