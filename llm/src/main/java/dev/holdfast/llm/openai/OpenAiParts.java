// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import dev.holdfast.llm.Content;
import dev.holdfast.llm.Extra;
import dev.holdfast.llm.dialect.Carrier;
import dev.holdfast.llm.dialect.WireObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the parts of a client's messages. */
final class OpenAiParts {
    private static final String DATA = "data:";
    private static final String BASE64 = ";base64,";

    private OpenAiParts() {}

    static Content read(JsonNode node, String path) {
        WireObject part = WireObject.of(node, OpenAiDialect.NAME, path);
        JsonNode type = part.peek("type");
        if (!type.isString()) {
            throw part.wrong("type", "is required and must be a string");
        }
        return switch (type.stringValue()) {
            case "text" -> {
                part.take("type");
                yield new Content.Text(part.required("text"), part.extra());
            }
            case "refusal" -> {
                part.take("type");
                String refusal = part.required("refusal");
                part.form(OpenAiForms.REFUSAL_PART);
                yield new Content.Text(refusal, part.extra());
            }
            case "image_url" -> {
                part.take("type");
                yield image(part);
            }
            default -> new Content.Other(OpenAiDialect.NAME, part.json());
        };
    }

    private static Content image(WireObject part) {
        WireObject image = part.requiredObject("image_url");
        String url = image.required("url");
        @Nullable String detail = image.string("detail");
        Extra extra = part.extra();
        int split = url.indexOf(BASE64);
        if (url.startsWith(DATA) && split > DATA.length()) {
            return new Content.ImageData(
                    url.substring(DATA.length(), split), url.substring(split + BASE64.length()), detail, extra);
        }
        return new Content.ImageUrl(url, detail, extra);
    }

    /** An extra that says nothing but which form the wire had. */
    static Extra form(String word) {
        return Carrier.form(OpenAiDialect.NAME, word);
    }

    static Extra withForm(Extra extra, String word) {
        return Carrier.withForm(extra, OpenAiDialect.NAME, word);
    }
}
