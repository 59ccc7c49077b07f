// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.RandomRuns;
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
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What goes from one dialect to the other loses only what the report says, and nothing is made up. */
class TranslationTest {
    private static final long SEED = 20_260_104;

    private final Dialect openAi =
            new OpenAiDialect(OpenAiQuirks.OPENAI.withReasoningField("reasoning_content"), Decoding.errors());
    private final Dialect anthropic = new AnthropicDialect(Decoding.errors());

    @Test
    void aRequestFromOpenAiToAnthropicLosesOnlyWhatIsReported() {
        requests("openai", anthropic, new AnthropicServer());
    }

    @Test
    void aRequestFromAnthropicToOpenAiLosesOnlyWhatIsReported() {
        requests("anthropic", openAi, new OpenAiServer());
    }

    private static void requests(String from, Dialect to, ServerDialect reader) {
        AtomicInteger carried = new AtomicInteger();
        RandomRuns.play(SEED, 600, 12, random -> new Samples(random, from).next(), steps -> {
            LlmRequest request = Samples.build(steps);
            EncodedRequest encoded;
            try {
                encoded = to.encode(request, "m", false);
            } catch (ProviderException e) {
                assertThat(e.failure().rule()).isEqualTo("request.not_carried"); // the other way not to be silent
                return;
            }
            carried.incrementAndGet();
            LlmRequest arrived = reader.decodeRequest(encoded.body()).request();

            assertAccountedFor(Facts.of(request), Facts.of(arrived), encoded.translation(), encoded.body());
        });
        assertThat(carried.get()).isGreaterThan(250);
    }

    @Test
    void anAnswerInTheOtherDialectLosesOnlyWhatIsReported() {
        for (long seed = SEED; seed < SEED + 300; seed++) {
            LlmResponse open = new Answered(seed, "openai").next(false);
            answer(open, new AnthropicServer(), anthropic);
            LlmResponse anthropics = new Answered(seed, "anthropic").next(false);
            answer(anthropics, new OpenAiServer(), openAi);
        }
    }

    private static void answer(LlmResponse response, ServerDialect to, Dialect reader) {
        EncodedResponse encoded = to.encodeResponse(response, Answered.head(response));
        LlmResponse arrived = Decoding.decode(reader, 200, new String(encoded.body(), StandardCharsets.UTF_8));

        assertAccountedFor(Facts.of(response), Facts.of(arrived), encoded.translation(), encoded.body());
    }

    @Test
    void aStreamInTheOtherDialectSaysAndReportsWhatTheWholeAnswerDoes() {
        for (long seed = SEED; seed < SEED + 200; seed++) {
            Answered answered = new Answered(seed, "anthropic");
            LlmResponse response = answered.next(true);
            streamed(answered, response, new OpenAiServer(), openAi);
            Answered open = new Answered(seed, "openai");
            streamed(open, open.next(true), new AnthropicServer(), anthropic);
        }
    }

    private static void streamed(Answered answered, LlmResponse response, ServerDialect to, Dialect reader) {
        StreamEncoder encoder = to.streamEncoder(Answered.head(response));
        byte[] written = ResponseRoundTripTest.write(encoder, answered.events(response));
        var read = Decoding.stream(reader, written, Integer.MAX_VALUE);
        var last = read.get(read.size() - 1);

        assertThat(last).isInstanceOf(dev.holdfast.llm.StreamEvent.Finish.class);
        LlmResponse arrived = ((dev.holdfast.llm.StreamEvent.Finish) last).response();
        assertAccountedFor(Facts.of(response), Facts.of(arrived), encoder.translation(), written);
    }

    private static void assertAccountedFor(
            Map<String, String> sent, Map<String, String> arrived, List<TranslationNote> notes, byte[] body) {
        String wire = new String(body, StandardCharsets.UTF_8);
        sent.forEach((path, fact) -> assertThat(arrived.containsValue(fact) || isReported(path, notes))
                .as("%s (%s) is lost and not reported in %s: %s", path, fact, notes, wire)
                .isTrue());
        arrived.forEach((path, fact) -> assertThat(sent.containsValue(fact) || isApproximated(notes))
                .as("%s (%s) is made up, reported %s: %s", path, fact, notes, wire)
                .isTrue());
        notes.stream()
                .filter(note -> note.change() == TranslationNote.Change.DROPPED
                        && !note.path().equals("created"))
                .forEach(note -> assertThat(sent.keySet())
                        .as("%s is reported and was not asked for", note)
                        .anyMatch(path -> path.startsWith(note.path())));
    }

    private static boolean isReported(String path, List<TranslationNote> notes) {
        return notes.stream().anyMatch(note -> path.startsWith(note.path()));
    }

    private static boolean isApproximated(List<TranslationNote> notes) {
        return notes.stream().anyMatch(note -> note.change() == TranslationNote.Change.APPROXIMATED);
    }
}
