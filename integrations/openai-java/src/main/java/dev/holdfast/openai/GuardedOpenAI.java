// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.client.OpenAIClientAsyncImpl;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import dev.holdfast.Holdfast;

/**
 * OpenAI clients that are guarded by a {@link Holdfast}. Their own retries are off: the options' {@code maxRetries} counts for
 * nothing, and the options' HTTP client is replaced.
 */
public final class GuardedOpenAI {
    private GuardedOpenAI() {}

    /** The client that the environment describes: {@code OPENAI_API_KEY} and the SDK's other variables. */
    public static OpenAIClient fromEnv(Holdfast engine) {
        return client(ClientOptions.builder().fromEnv(), engine);
    }

    /** @param options need no HTTP client; not to be used afterwards */
    public static OpenAIClient client(ClientOptions.Builder options, Holdfast engine) {
        return client(options, GuardedHttpClient.of(engine));
    }

    /** @param options need no HTTP client; not to be used afterwards */
    public static OpenAIClient client(ClientOptions.Builder options, GuardedHttpClient http) {
        return new OpenAIClientImpl(guarded(options, http));
    }

    /** @param options need no HTTP client; not to be used afterwards */
    public static OpenAIClientAsync async(ClientOptions.Builder options, Holdfast engine) {
        return async(options, GuardedHttpClient.of(engine));
    }

    /** @param options need no HTTP client; not to be used afterwards */
    public static OpenAIClientAsync async(ClientOptions.Builder options, GuardedHttpClient http) {
        return new OpenAIClientAsyncImpl(guarded(options, http));
    }

    private static ClientOptions guarded(ClientOptions.Builder options, GuardedHttpClient http) {
        return options.httpClient(http).maxRetries(0).build();
    }
}
