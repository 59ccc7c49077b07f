// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static dev.holdfast.failure.Category.CONTEXT_LENGTH;
import static dev.holdfast.failure.Category.INVALID_REQUEST;
import static dev.holdfast.failure.Category.MODEL_LOADING;
import static dev.holdfast.failure.Category.OVERLOADED;
import static dev.holdfast.failure.Category.SERVER_ERROR;
import static dev.holdfast.failure.Category.STREAM_INTERRUPTED;
import static dev.holdfast.llm.error.Condition.all;
import static dev.holdfast.llm.error.Condition.code;
import static dev.holdfast.llm.error.Condition.fact;
import static dev.holdfast.llm.error.Condition.status;
import static dev.holdfast.llm.error.Condition.text;

import java.util.List;

/** Servers that people run themselves: Ollama, vLLM, llama.cpp, LM Studio, MLX. */
final class LocalServerRules {

    static final List<RuleTable> TABLES = List.of(
            RuleTable.of(
                    "ollama",
                    "Ollama",
                    List.of("ollama", "ollama_cloud"),
                    Rule.liar("memory", Verdict.of(SERVER_ERROR).elsewhere(), text("""
                            requires more system memory, requires more memory, cudamalloc failed, out of memory
                            unable to allocate, insufficient memory, model runner has unexpectedly stopped
                            unable to load model, error loading model, failed to load model
                            """)),
                    Rule.liar("queue", OVERLOADED, all(text("maximum pending requests, server busy"), status(0, 503))),
                    Rule.status(
                            "runner_failed", STREAM_INTERRUPTED, all(fact(Fact.IN_STREAM), fact(Fact.ERROR_FOUND)))),
            RuleTable.of(
                    "local",
                    "vLLM, llama.cpp, LM Studio, MLX",
                    List.of(
                            "vllm",
                            "llama_cpp",
                            "llamacpp",
                            "lmstudio",
                            "lm_studio",
                            "mlx_server",
                            "sglang",
                            "localai"),
                    Rule.liar("loading", MODEL_LOADING, all(text("loading model, model is loading"), status(0, 503))),
                    Rule.liar("context", CONTEXT_LENGTH, code("exceed_context_size_error")),
                    Rule.liar(
                            "dead_engine",
                            SERVER_ERROR,
                            text(
                                    "engine process is dead, enginecore encountered an issue, background loop has errored")),
                    Rule.liar("chat_template", INVALID_REQUEST, all(text("roles must alternate"), status(0, 400, 500))),
                    Rule.liar(
                            "feature",
                            Verdict.of(INVALID_REQUEST).elsewhere(),
                            all(text("is not supported, does not support"), status(500))),
                    Rule.liar(
                            "start_option",
                            Verdict.of(INVALID_REQUEST).elsewhere(),
                            text("tool choice requires, requires jinja, start it with, start the server with"))));

    private LocalServerRules() {}
}
