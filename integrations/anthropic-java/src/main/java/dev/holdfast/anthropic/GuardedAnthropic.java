// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.anthropic;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.AnthropicClientAsync;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClientAsync;
import dev.holdfast.Holdfast;

/** Anthropic clients that are guarded by a {@link Holdfast}. Their own retries are off, whatever the builder was told. */
public final class GuardedAnthropic {
    private GuardedAnthropic() {}

    /** The client that the environment describes: {@code ANTHROPIC_API_KEY} and the SDK's other variables. */
    public static AnthropicClient fromEnv(Holdfast engine) {
        return client(AnthropicOkHttpClient.builder().fromEnv(), GuardedInterceptor.of(engine));
    }

    /** @param builder not to be used afterwards; interceptors that it has already see a call once, not its attempts */
    public static AnthropicClient client(AnthropicOkHttpClient.Builder builder, GuardedInterceptor interceptor) {
        return builder.addInterceptor(interceptor).maxRetries(0).build();
    }

    /** @param builder not to be used afterwards; interceptors that it has already see a call once, not its attempts */
    public static AnthropicClientAsync async(
            AnthropicOkHttpClientAsync.Builder builder, GuardedInterceptor interceptor) {
        return builder.addInterceptor(interceptor).maxRetries(0).build();
    }
}
