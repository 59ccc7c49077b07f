// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j.http;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpClientBuilderFactory;

/**
 * Makes {@link HoldfastHttpClientBuilder}s for models that are given no builder. It is not registered as a service, because
 * LangChain4j refuses two factories and its model modules bring one along. To make it the one, start Java with {@code
 * -Dlangchain4j.http.clientBuilderFactory=dev.holdfast.langchain4j.http.HoldfastHttpClientBuilderFactory} and register it
 * in a {@code META-INF/services} file of your own.
 */
public final class HoldfastHttpClientBuilderFactory implements HttpClientBuilderFactory {
    @Override
    public HttpClientBuilder create() {
        return new HoldfastHttpClientBuilder();
    }
}
