// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.openai;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Pieces of streams as a server sends them. */
final class Chunks {
    static final String META = data(
            "{\"id\":\"c-1\",\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}");
    static final String TEXT = delta("{\"content\":\"Grüß \"}") + ": keep-alive\n\n" + delta("{\"content\":\"😀\"}");
    static final String STOP = finish("stop");
    static final String USAGE = data("{\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}");
    static final String DONE = data("[DONE]");
    static final String TOOLS = delta(
                    "{\"tool_calls\":[{\"index\":0,\"id\":\"t1\",\"type\":\"function\",\"function\":{\"name\":\"look\",\"arguments\":\"\"}}]}")
            + delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"x\\\":\"}}]}")
            + delta("{\"tool_calls\":[{\"index\":1,\"id\":\"t2\",\"function\":{\"name\":\"now\",\"arguments\":\"\"}}]}")
            + delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"1}\"}}]}");

    private Chunks() {}

    static String data(String json) {
        return "data: " + json + "\n\n";
    }

    static String delta(String delta) {
        return data("{\"id\":\"c-1\",\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}");
    }

    static String finish(String reason) {
        return data("{\"id\":\"c-1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}");
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
