// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.core.retry.Retryable;

/**
 * Spring AI's retry template, which several of its models retry by: within an attempt of ours it tries once, everywhere else,
 * for example for embeddings, as often as it is told to. Thread-safe as the one it is made from.
 */
final class OnceInAttempt extends RetryTemplate {
    private static final ThreadLocal<Boolean> IN_ATTEMPT = ThreadLocal.withInitial(() -> false);

    private final RetryTemplate template;

    OnceInAttempt(RetryTemplate template) {
        super(template.getRetryPolicy());
        setRetryListener(template.getRetryListener());
        this.template = template;
    }

    /** Runs one attempt. */
    static <V> V attempt(Supplier<V> code) {
        boolean before = IN_ATTEMPT.get();
        IN_ATTEMPT.set(true);
        try {
            return code.get();
        } finally {
            IN_ATTEMPT.set(before);
        }
    }

    @Override
    public <R extends @Nullable Object> R execute(Retryable<R> retryable) throws RetryException {
        if (!IN_ATTEMPT.get()) {
            return template.execute(retryable);
        }
        try {
            return retryable.execute();
        } catch (Throwable e) {
            throw new RetryException("not retried here, because a resilient model does", e);
        }
    }
}
