// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * All engines that can run here, in the order in which they are shown. Those of LangChain4j and of OpenAI's client are there
 * where their libraries are on the class path.
 */
public final class Engines {
    /** The engine that the storms are about. */
    public static final String HOLDFAST = "holdfast";

    private Engines() {}

    public static List<EngineKind> available() {
        List<EngineKind> kinds = new ArrayList<>();
        kinds.add(policy("none", "no policy", OneAttempt::new));
        kinds.add(policy("hive", "Hive", HivePolicy::new));
        kinds.add(policy("abstractcore", "AbstractCore", AbstractCorePolicy::new));
        library(
                kinds,
                "resilience4j",
                "resilience4j",
                "io.github.resilience4j.circuitbreaker.CircuitBreaker",
                Resilience4jEngine::new);
        library(kinds, "failsafe", "Failsafe", "dev.failsafe.Failsafe", FailsafeEngine::new);
        library(
                kinds,
                "langchain4j",
                "LangChain4j",
                "dev.langchain4j.model.openai.OpenAiChatModel",
                surroundings -> new LangChain4jEngine(surroundings));
        library(
                kinds,
                "openai-sdk",
                "OpenAI Java client",
                "com.openai.client.okhttp.OpenAIOkHttpClient",
                surroundings -> new OpenAiSdkEngine(surroundings));
        kinds.add(new EngineKind(HOLDFAST, "Holdfast", Libraries.version(HOLDFAST), HoldfastEngine::new));
        return kinds;
    }

    private static EngineKind policy(String name, String label, Policy.Maker maker) {
        return new EngineKind(name, label, "", surroundings -> new PolicyEngine(surroundings, maker));
    }

    /** The maker is a lambda where the library may be absent: a method reference would load the engine to be made. */
    private static void library(
            List<EngineKind> kinds, String name, String label, String type, Function<Surroundings, Engine> maker) {
        if (Libraries.present(type)) {
            kinds.add(new EngineKind(name, label, Libraries.version(name), maker));
        }
    }
}
