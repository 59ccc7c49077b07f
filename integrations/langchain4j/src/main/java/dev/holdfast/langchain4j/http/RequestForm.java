// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j.http;

import dev.holdfast.llm.transport.TransportRequest;
import dev.langchain4j.http.client.FormDataFile;
import dev.langchain4j.http.client.HttpRequest;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** LangChain4j's requests in the form that a transport sends. */
final class RequestForm {
    /** Set by the transport itself. */
    private static final Set<String> RESERVED =
            Set.of("host", "content-length", "connection", "expect", "upgrade", "transfer-encoding");

    private RequestForm() {}

    /** The headers to be sent, names in any case; may be added to. */
    static Map<String, String> headers(HttpRequest request) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        request.headers().forEach((name, values) -> {
            if (values != null && !RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name, String.join(", ", values));
            }
        });
        return headers;
    }

    static TransportRequest encoded(HttpRequest request, Map<String, String> headers, Duration connectTimeout) {
        byte[] body = request.body() == null ? new byte[0] : request.body().getBytes(StandardCharsets.UTF_8);
        if (!request.formDataFields().isEmpty() || !request.formDataFiles().isEmpty()) {
            String boundary = "holdfast-" + UUID.randomUUID();
            headers.put("Content-Type", "multipart/form-data; boundary=" + boundary);
            body = multipart(request, boundary);
        }
        return new TransportRequest(request.method().name(), URI.create(request.url()), headers, body, connectTimeout);
    }

    private static byte[] multipart(HttpRequest request, String boundary) {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        request.formDataFields().forEach((name, value) -> {
            part(form, boundary, List.of("Content-Disposition: form-data; name=\"" + quoted(name) + '"'));
            form.writeBytes(value.getBytes(StandardCharsets.UTF_8));
            text(form, "\r\n");
        });
        request.formDataFiles().forEach((name, file) -> {
            part(
                    form,
                    boundary,
                    List.of(
                            "Content-Disposition: form-data; name=\"" + quoted(name) + "\"; filename=\""
                                    + quoted(file.fileName()) + '"',
                            "Content-Type: " + type(file)));
            form.writeBytes(file.content());
            text(form, "\r\n");
        });
        text(form, "--" + boundary + "--\r\n");
        return form.toByteArray();
    }

    private static void part(ByteArrayOutputStream form, String boundary, List<String> headers) {
        text(form, "--" + boundary + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n");
    }

    private static String type(FormDataFile file) {
        return file.contentType() == null ? "application/octet-stream" : file.contentType();
    }

    /** As browsers do: what would end the quotes or the line is escaped. */
    private static String quoted(String name) {
        return name.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static void text(ByteArrayOutputStream form, String text) {
        form.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
