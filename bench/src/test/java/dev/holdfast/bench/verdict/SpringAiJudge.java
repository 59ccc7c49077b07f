// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.retry.RetryUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.ResourceAccessException;

/** Spring AI's default response error handler and the predicate of its default retry template. */
final class SpringAiJudge implements Judge {
    private static final Duration FIRST_WAIT = Duration.ofSeconds(2);

    @Override
    public String name() {
        return "Spring AI";
    }

    @Override
    public String basis() {
        return "spring-ai-retry 2.0.0, called: `DEFAULT_RESPONSE_ERROR_HANDLER`, then the policy of"
                + " `DEFAULT_RETRY_TEMPLATE`. An I/O exception arrives as `ResourceAccessException`, as its REST client"
                + " wraps it. Errors inside a stream lie outside the template and are given up. Its OpenAI and Anthropic"
                + " models use the official clients: see those columns";
    }

    @Override
    public int kinds() {
        return 0;
    }

    @Override
    public Opinion judge(ErrorCase error) {
        if (error.isStream()) {
            return Opinion.stop(Opinion.about());
        }
        Exception given = error.exception() == null ? handled(error) : wrapped(Thrown.from(error));
        boolean retried = given != null
                && RetryUtils.DEFAULT_RETRY_TEMPLATE.getRetryPolicy().shouldRetry(given);
        return Opinion.of(retried, FIRST_WAIT, Opinion.about());
    }

    private static @Nullable Exception handled(ErrorCase error) {
        if (error.status() == 0) {
            return null;
        }
        try (Response response = new Response(error)) {
            if (RetryUtils.DEFAULT_RESPONSE_ERROR_HANDLER.hasError(response)) {
                RetryUtils.DEFAULT_RESPONSE_ERROR_HANDLER.handleError(
                        URI.create("http://localhost/"), HttpMethod.POST, response);
            }
            return null;
        } catch (IOException | RuntimeException thrown) {
            return thrown;
        }
    }

    private static Exception wrapped(Exception thrown) {
        IOException io = Thrown.io(thrown);
        boolean alreadyWrapped = thrown instanceof ResourceAccessException || io == null;
        return alreadyWrapped ? thrown : new ResourceAccessException("I/O error", io);
    }

    /** A case as Spring's client sees a response. */
    private record Response(ErrorCase error) implements ClientHttpResponse {
        @Override
        public HttpStatusCode getStatusCode() {
            return HttpStatusCode.valueOf(error.status());
        }

        @Override
        public String getStatusText() {
            return "";
        }

        @Override
        public InputStream getBody() {
            return new ByteArrayInputStream(error.body().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public HttpHeaders getHeaders() {
            HttpHeaders headers = new HttpHeaders();
            error.headers().forEach(headers::add);
            return headers;
        }

        @Override
        public void close() {}
    }
}
