// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.opentelemetry;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/**
 * The names of OpenTelemetry's conventions for generative AI that are used here, and our own under {@code holdfast.}. Written down
 * rather than taken from the artifact of the conventions, which are still in development: a new version of it would rename what
 * users have dashboards for.
 */
final class Names {
    static final String SCOPE = "dev.holdfast";

    static final String OPERATION_DURATION = "gen_ai.client.operation.duration";
    static final String TOKEN_USAGE = "gen_ai.client.token.usage";
    static final String TIME_TO_FIRST_CHUNK = "gen_ai.client.operation.time_to_first_chunk";

    static final AttributeKey<String> OPERATION = AttributeKey.stringKey("gen_ai.operation.name");
    static final AttributeKey<String> PROVIDER = AttributeKey.stringKey("gen_ai.provider.name");
    static final AttributeKey<String> REQUEST_MODEL = AttributeKey.stringKey("gen_ai.request.model");
    static final AttributeKey<Boolean> REQUEST_STREAM = AttributeKey.booleanKey("gen_ai.request.stream");
    static final AttributeKey<Long> MAX_TOKENS = AttributeKey.longKey("gen_ai.request.max_tokens");
    static final AttributeKey<Double> TEMPERATURE = AttributeKey.doubleKey("gen_ai.request.temperature");
    static final AttributeKey<Double> TOP_P = AttributeKey.doubleKey("gen_ai.request.top_p");
    static final AttributeKey<Double> TOP_K = AttributeKey.doubleKey("gen_ai.request.top_k");
    static final AttributeKey<Long> SEED = AttributeKey.longKey("gen_ai.request.seed");
    static final AttributeKey<Long> CHOICES = AttributeKey.longKey("gen_ai.request.choice.count");
    static final AttributeKey<Double> FREQUENCY_PENALTY = AttributeKey.doubleKey("gen_ai.request.frequency_penalty");
    static final AttributeKey<Double> PRESENCE_PENALTY = AttributeKey.doubleKey("gen_ai.request.presence_penalty");
    static final AttributeKey<String> RESPONSE_ID = AttributeKey.stringKey("gen_ai.response.id");
    static final AttributeKey<String> RESPONSE_MODEL = AttributeKey.stringKey("gen_ai.response.model");
    static final AttributeKey<List<String>> FINISH_REASONS =
            AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");
    static final AttributeKey<Double> FIRST_CHUNK = AttributeKey.doubleKey("gen_ai.response.time_to_first_chunk");
    static final AttributeKey<Long> INPUT_TOKENS = AttributeKey.longKey("gen_ai.usage.input_tokens");
    static final AttributeKey<Long> OUTPUT_TOKENS = AttributeKey.longKey("gen_ai.usage.output_tokens");
    static final AttributeKey<Long> CACHE_READ_TOKENS = AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens");
    static final AttributeKey<Long> CACHE_WRITE_TOKENS =
            AttributeKey.longKey("gen_ai.usage.cache_creation.input_tokens");
    static final AttributeKey<Long> REASONING_TOKENS = AttributeKey.longKey("gen_ai.usage.reasoning.output_tokens");
    static final AttributeKey<String> TOKEN_TYPE = AttributeKey.stringKey("gen_ai.token.type");
    static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    static final AttributeKey<String> SERVER_ADDRESS = AttributeKey.stringKey("server.address");
    static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");
    static final AttributeKey<Long> RESEND_COUNT = AttributeKey.longKey("http.request.resend_count");

    static final AttributeKey<String> CALL_ID = AttributeKey.stringKey("holdfast.call_id");
    static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("holdfast.outcome");
    static final AttributeKey<Long> ATTEMPTS = AttributeKey.longKey("holdfast.attempts");
    /** In seconds. */
    static final AttributeKey<Double> WAITED = AttributeKey.doubleKey("holdfast.waited");

    static final AttributeKey<String> TARGET = AttributeKey.stringKey("holdfast.target");
    static final AttributeKey<String> FROM = AttributeKey.stringKey("holdfast.from");
    static final AttributeKey<String> TO = AttributeKey.stringKey("holdfast.to");
    static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("holdfast.attempt");
    static final AttributeKey<String> CATEGORY = AttributeKey.stringKey("holdfast.category");
    static final AttributeKey<String> RULE = AttributeKey.stringKey("holdfast.rule");
    static final AttributeKey<String> STOP_REASON = AttributeKey.stringKey("holdfast.stop_reason");
    static final AttributeKey<String> CIRCUIT = AttributeKey.stringKey("holdfast.circuit.state");
    static final AttributeKey<Boolean> PROBE = AttributeKey.booleanKey("holdfast.probe");
    static final AttributeKey<Boolean> HEDGE = AttributeKey.booleanKey("holdfast.hedge");
    static final AttributeKey<Boolean> FORCED = AttributeKey.booleanKey("holdfast.circuit.forced");
    static final AttributeKey<Long> TRIPS = AttributeKey.longKey("holdfast.circuit.trips");
    /** In seconds. */
    static final AttributeKey<Double> WAIT = AttributeKey.doubleKey("holdfast.wait");

    static final String CIRCUIT_CHANGED = "holdfast.circuit.changed";
    static final String RETRY_SCHEDULED = "holdfast.retry.scheduled";
    static final String FAILED_OVER = "holdfast.failed_over";
    static final String QUEUED = "holdfast.queued";
    static final String PAUSE_AWAITED = "holdfast.pause.awaited";
    static final String HEDGE_STARTED = "holdfast.hedge.started";
    static final String RETRIES_EXHAUSTED = "holdfast.retries.exhausted";

    private Names() {}
}
