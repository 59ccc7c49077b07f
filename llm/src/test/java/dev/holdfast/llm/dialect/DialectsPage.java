// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.ProviderException;
import dev.holdfast.llm.TranslationNote;
import dev.holdfast.llm.anthropic.AnthropicDialect;
import dev.holdfast.llm.anthropic.AnthropicServer;
import dev.holdfast.llm.openai.OpenAiDialect;
import dev.holdfast.llm.openai.OpenAiQuirks;
import dev.holdfast.llm.openai.OpenAiServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the tables of the page on dialects by translating a sample of each line. */
final class DialectsPage {
    static final String REQUESTS = "requests";
    static final String ANSWERS = "answers";

    private static final AnswerHead HEAD = new AnswerHead("id", "m", 0, true);

    private final Dialect openAi =
            new OpenAiDialect(OpenAiQuirks.OPENAI.withReasoningField("reasoning_content"), Decoding.errors());
    private final Dialect anthropic = new AnthropicDialect(Decoding.errors());

    String table(String which) {
        boolean requests = which.equals(REQUESTS);
        StringBuilder table = new StringBuilder("| what | OpenAI → Anthropic | Anthropic → OpenAI |\n|---|---|---|\n");
        for (DialectRows.Row row : requests ? DialectRows.REQUESTS : DialectRows.ANSWERS) {
            table.append("| ")
                    .append(row.feature())
                    .append(" | ")
                    .append(requests ? request(row.openAi(), true) : answer(row.openAi(), true))
                    .append(" | ")
                    .append(requests ? request(row.anthropic(), false) : answer(row.anthropic(), false))
                    .append(" |\n");
        }
        return table.toString();
    }

    private String request(@Nullable String members, boolean fromOpenAi) {
        if (members == null) {
            return "–";
        }
        String hi = members.contains("\"messages\"") ? "" : "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],";
        String limit = fromOpenAi ? "" : "\"max_tokens\":77,";
        byte[] wire = ("{\"model\":\"m\"," + hi + limit + members + "}").getBytes(StandardCharsets.UTF_8);
        ServerDialect reader = fromOpenAi ? new OpenAiServer() : new AnthropicServer();
        LlmRequest request = reader.decodeRequest(wire).request();
        try {
            EncodedRequest encoded = (fromOpenAi ? anthropic : openAi).encode(request, "m", false);
            return outcome(members, encoded.body(), encoded.translation());
        } catch (ProviderException e) {
            return "**refused**: " + e.failure().message().replace("this target cannot take ", "no place for ");
        }
    }

    private String answer(@Nullable String members, boolean fromOpenAi) {
        if (members == null) {
            return "–";
        }
        LlmResponse response = Decoding.decode(fromOpenAi ? openAi : anthropic, 200, "{\"id\":\"id\"," + members + "}");
        EncodedResponse encoded =
                (fromOpenAi ? new AnthropicServer() : new OpenAiServer()).encodeResponse(response, HEAD);
        return outcome(members, encoded.body(), encoded.translation());
    }

    private static String outcome(String members, byte[] body, List<TranslationNote> notes) {
        boolean marked = members.contains("MARK");
        boolean arrived = new String(body, StandardCharsets.UTF_8).contains("MARK");
        if (marked != arrived) {
            throw new AssertionError(
                    "reported " + notes + ", but the sample " + (marked ? "did not arrive: " : "arrived: ") + members);
        }
        return notes.isEmpty()
                ? "carried"
                : notes.stream()
                        .map(note -> "**" + note.change() + "**: " + note.detail())
                        .distinct()
                        .collect(Collectors.joining("; "));
    }
}
