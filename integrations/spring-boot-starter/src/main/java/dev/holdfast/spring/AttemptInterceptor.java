// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import dev.holdfast.Attempt;
import dev.holdfast.HoldfastRuntime;
import dev.holdfast.llm.error.StatedLimits;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * In the HTTP client of a provider: ends a request when its attempt ends, which an interrupt does not do to a read from a
 * socket, keeps to the attempt's timeout for the connection, learns the limits that the provider states, and tells when the client retries by itself. Thread-safe.
 */
final class AttemptInterceptor implements Interceptor {
    private static final Log LOG = LogFactory.getLog(AttemptInterceptor.class);

    /** Both official clients count their own retries in this header. */
    private static final String RETRY_HEADER = "x-stainless-retry-count";

    private final RunningAttempts running;
    private final AtomicBoolean warned = new AtomicBoolean();

    AttemptInterceptor(RunningAttempts running) {
        this.running = running;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        String key = request.header(RunningAttempts.ATTEMPT_HEADER);
        if (key == null) {
            return chain.proceed(request);
        }
        Attempt attempt = running.of(key);
        if (attempt == null) {
            throw new IOException("the attempt that this request is for is over");
        }
        warnOfRetries(request);
        attempt.onCancel(() -> HoldfastRuntime.executor().execute(chain.call()::cancel));
        long connectMillis = Math.max(1, attempt.timeouts().connect().toMillis());
        Response response = chain.withConnectTimeout(
                        (int) Math.min(connectMillis, Integer.MAX_VALUE), TimeUnit.MILLISECONDS)
                .proceed(request.newBuilder()
                        .removeHeader(RunningAttempts.ATTEMPT_HEADER)
                        .build());
        StatedLimits.read(response.headers().toMultimap(), attempt::rateLimit);
        return response;
    }

    private void warnOfRetries(Request request) {
        String retries = request.header(RETRY_HEADER);
        if (retries != null && !retries.equals("0") && !warned.getAndSet(true)) {
            LOG.warn("The client of " + request.url().host()
                    + " retries by itself inside an attempt, so retries multiply: build it with maxRetries(0).");
        }
    }
}
