// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.RealHoldfast;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelResponseContext;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Embeddings: guarded as chat is, and never of two lengths. */
@Timeout(120)
@Tag("langchain4j-1.18")
class EmbeddingsTest {
    private static Simulator simulator;
    private RealHoldfast real;

    @BeforeAll
    static void start() throws IOException {
        simulator = Simulator.start(SimulatorOptions.defaults());
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    @BeforeEach
    void fresh() {
        simulator.reset();
        real = new RealHoldfast(builder -> builder.config(Houses.quick()));
    }

    @AfterEach
    void everythingIsReturned() {
        real.awaitAllReturned();
        real.close();
    }

    private static EmbeddingModel openAi(String model) {
        return OpenAiEmbeddingModel.builder()
                .httpClientBuilder(Houses.http())
                .baseUrl(simulator.baseUri() + "/v1")
                .apiKey("k")
                .modelName(model)
                .maxSegmentsPerBatch(2)
                .build();
    }

    private ResilientEmbeddingModel.Builder over(EmbeddingModel... models) {
        ResilientEmbeddingModel.Builder builder =
                ResilientEmbeddingModel.builder().holdfast(real.engine);
        for (int i = 0; i < models.length; i++) {
            builder.route("route-" + (i + 1), models[i]);
        }
        return builder;
    }

    /** A model of the old kind: texts in, vectors out. */
    private static final class Old implements EmbeddingModel {
        private final int dimension;
        int calls;
        boolean down;

        Old(int dimension) {
            this.dimension = dimension;
        }

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            calls++;
            if (down) {
                throw new InternalServerException("down");
            }
            return Response.from(segments.stream()
                    .map(segment -> Embedding.from(new float[dimension]))
                    .toList());
        }
    }

    @Test
    void vectorsComeFromTheRouteThatIsUp() {
        EmbeddingModel model = over(openAi("sim/503"), openAi("sim/ok")).build();

        Response<Embedding> vector = model.embed("a small harbour");

        assertThat(vector.content().vector()).isNotEmpty();
        assertThat(vector.content())
                .isEqualTo(openAi("sim/ok").embed("a small harbour").content());
    }

    @Test
    void severalRequestsOfOneAttemptAreSentWhileAllIsWell() {
        List<TextSegment> five =
                List.of("a", "b", "c", "d", "e").stream().map(TextSegment::from).toList();

        Response<List<Embedding>> vectors = over(openAi("sim/ok")).build().embedAll(five);

        assertThat(vectors.content()).hasSize(5);
        assertThat(simulator.stats().attemptsPerCall()).hasSize(1).containsValue(3L);
    }

    @Test
    void theModelsOwnRetriesDoNotMultiplyOurs() {
        EmbeddingModel model = over(openAi("sim/500")).build();

        assertThatThrownBy(() -> model.embed("a")).isInstanceOf(InternalServerException.class);
        assertThat(simulator.stats().attemptsPerCall()).hasSize(1).containsValue(3L);
    }

    @Test
    void aModelOfTheOldKindIsADelegateToo() {
        Old down = new Old(3);
        down.down = true;

        EmbeddingModel model = over(down, new Old(3)).build();

        assertThat(model.embed("a").content().dimension()).isEqualTo(3);
        assertThat(model.embedAll(List.of(TextSegment.from("a"), TextSegment.from("b")))
                        .content())
                .hasSize(2);
        assertThat(model.embed(EmbeddingRequest.builder().input("a").build()).embeddings())
                .hasSize(1);
    }

    @Test
    void vectorsOfTwoLengthsAreAMistakeThatIsNamed() {
        Old first = new Old(3);
        Old second = new Old(4);
        EmbeddingModel model = over(first, second).build();
        model.embed("a");
        first.down = true;

        assertThatThrownBy(() -> model.embed("b"))
                .isInstanceOf(EmbeddingDimensionException.class)
                .hasMessageContaining("route route-2 gives vectors of 4 numbers, route route-1 says 3");
        assertThat(second.calls).isEqualTo(1);
    }

    @Test
    void aMistakeCanBeFoundAtTheStart() {
        assertThatThrownBy(() -> over(new Old(3), new Old(4)).build().verifyDimensions())
                .isInstanceOf(EmbeddingDimensionException.class);
        assertThatThrownBy(() -> over(new Old(3)).dimension(5).build().embed("a"))
                .isInstanceOf(EmbeddingDimensionException.class)
                .hasMessageContaining("the configuration says 5");
    }

    @Test
    void theDimensionIsAskedForOnceAtTheMost() {
        Old old = new Old(3);
        ResilientEmbeddingModel model = over(old).build();

        assertThat(model.dimension()).isEqualTo(3);
        assertThat(model.dimension()).isEqualTo(3);

        assertThat(old.calls).isEqualTo(1);
        assertThat(over(new Old(7)).dimension(7).build().dimension()).isEqualTo(7);
    }

    @Test
    void aDimensionThatTheModelKnowsCostsNoRequest() {
        assertThat(over(openAi("text-embedding-3-small")).build().dimension()).isEqualTo(1536);
        assertThat(simulator.stats().requests()).isZero();
    }

    @Test
    void onlyWhatAllRoutesTakeMayBeAskedFor() {
        EmbeddingModel both = over(openAi("sim/ok"), new Old(3)).build();
        EmbeddingRequest request =
                EmbeddingRequest.builder().input("a").dimensions(8).build();

        assertThat(over(openAi("sim/ok")).build().supportedParameters())
                .contains(EmbeddingRequestParameters.DIMENSIONS);
        assertThat(both.supportedParameters()).isEqualTo(Set.<EmbeddingParameter<?>>of());
        assertThatThrownBy(() -> both.embed(request)).isInstanceOf(UnsupportedFeatureException.class);
        assertThat(over(openAi("sim/ok"))
                        .build()
                        .embed(request)
                        .embeddings()
                        .get(0)
                        .dimension())
                .isEqualTo(8);
    }

    @Test
    void listenersHearOfEachCallOnce() {
        List<Object> told = new ArrayList<>();
        Old down = new Old(3);
        down.down = true;

        over(down, new Old(3))
                .listener(new EmbeddingModelListener() {
                    @Override
                    public void onResponse(EmbeddingModelResponseContext context) {
                        told.add("response");
                    }
                })
                .build()
                .embed("a");

        assertThat(told).containsExactly("response");
    }
}
