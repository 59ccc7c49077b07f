// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.faults;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.types.ClientOptions;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import dev.holdfast.Holdfast;
import java.util.function.Function;
import okhttp3.OkHttpClient;

/** The official client of Gemini: with its timeout and its own retries, and guarded as docs/official-sdks.md says. */
final class GeminiSubjects {
    static final String NAME = "google-genai";

    private static final int TIMEOUT_MILLIS = 2_000;

    private GeminiSubjects() {}

    static Subject bare(String url) {
        return (model, stream, heard) -> {
            try (Client client = Client.builder()
                    .apiKey("key-" + model)
                    .httpOptions(HttpOptions.builder()
                            .baseUrl(url)
                            .timeout(TIMEOUT_MILLIS)
                            .build())
                    .build()) {
                ask(client, model, stream, heard);
            }
        };
    }

    static Function<String, Subject> guarded(Holdfast engine) {
        return url -> (model, stream, heard) -> {
            try (Client client = client(engine, url, "key-" + model)) {
                ask(client, model, stream, heard);
            }
        };
    }

    private static Client client(Holdfast holdfast, String url, String key) {
        OkHttpClient http = new OkHttpClient.Builder()
                .addInterceptor(new GuardedGemini(holdfast))
                .build();
        Client client = Client.builder()
                .apiKey(key)
                .httpOptions(HttpOptions.builder().baseUrl(url).build())
                .clientOptions(ClientOptions.builder().customHttpClient(http).build())
                .build();
        return client;
    }

    private static void ask(Client client, String model, boolean stream, Heard heard) {
        if (stream) {
            try (ResponseStream<GenerateContentResponse> parts =
                    client.models.generateContentStream(model, "hello", null)) {
                parts.forEach(part -> heard.text(text(part)));
            }
        } else {
            heard.text(text(client.models.generateContent(model, "hello", null)));
        }
        heard.complete();
    }

    private static String text(GenerateContentResponse response) {
        String text = response.text();
        return text == null ? "" : text;
    }
}
