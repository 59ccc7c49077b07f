// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import dev.holdfast.HedgeConfig;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.TimeoutConfig;
import dev.holdfast.circuit.CircuitConfig;
import dev.holdfast.failure.Category;
import dev.holdfast.gateway.config.GatewayConfig.AccessLog;
import dev.holdfast.gateway.config.GatewayConfig.Client;
import dev.holdfast.gateway.config.GatewayConfig.Limits;
import dev.holdfast.gateway.config.GatewayConfig.Listen;
import dev.holdfast.gateway.config.GatewayConfig.Model;
import dev.holdfast.gateway.config.GatewayConfig.TargetConfig;
import dev.holdfast.limit.AdmissionConfig;
import dev.holdfast.limit.ConcurrencyConfig;
import dev.holdfast.limit.LimitConfig;
import dev.holdfast.limit.PacerConfig;
import dev.holdfast.limit.RampConfig;
import dev.holdfast.llm.Secret;
import dev.holdfast.llm.preset.Presets;
import dev.holdfast.llm.preset.ProviderEndpoint;
import dev.holdfast.retry.Backoff;
import dev.holdfast.retry.BudgetConfig;
import dev.holdfast.retry.Jitter;
import dev.holdfast.retry.RetryConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Valid configurations of every shape. */
final class RandomConfig {
    private static final List<String> PROVIDERS = List.of("openai", "anthropic", "groq", "ollama", "vllm", "openrouter");

    private final SplittableRandom random;

    RandomConfig(long seed) {
        random = new SplittableRandom(seed);
    }

    GatewayConfig config() {
        Map<String, TargetConfig> targets = new LinkedHashMap<>();
        for (int i = 0; i < 1 + random.nextInt(5); i++) {
            String name = "t" + i + pick("", "/x", ":8b", "-a.b");
            targets.put(name, target(name));
        }
        Map<String, ResilienceConfig> policies = new LinkedHashMap<>();
        policies.put("standard", policy());
        for (int i = 0; i < random.nextInt(3); i++) {
            policies.put("p" + i, policy());
        }
        Map<String, Model> models = new LinkedHashMap<>();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            models.put("m" + i, model("m" + i, targets.keySet(), policies.keySet()));
        }
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < random.nextInt(4); i++) {
            Set<String> allowed = random.nextBoolean() ? Set.of() : Set.of("m0");
            clients.add(new Client(
                    "c" + i, Secret.of("key-" + i + pick("", " ${x} $$", "#'\"")), allowed, random.nextInt(2) * 600L, random.nextInt(3)));
        }
        String host = clients.isEmpty() ? "127.0.0.1" : pick("127.0.0.1", "0.0.0.0", "::1", "gateway.example");
        return new GatewayConfig(
                new Listen(host, random.nextInt(65536), random.nextBoolean() ? Set.of() : Set.of("a.example", "b")),
                random.nextBoolean() ? null : Secret.of("admin: {key}"),
                random.nextBoolean(),
                clients,
                targets,
                models,
                policies,
                false,
                duration(),
                random.nextInt(4) == 0 ? Duration.ZERO : duration(),
                new Limits(1024 * (1 + random.nextInt(5000)), 1024 + random.nextInt(9999), duration(), duration(), duration(), 1 + random.nextInt(9999)),
                new AccessLog(random.nextBoolean(), random.nextBoolean() ? null : "logs/access log.txt"));
    }

    private TargetConfig target(String name) {
        String provider = PROVIDERS.get(random.nextInt(PROVIDERS.size()));
        boolean passThrough = random.nextInt(4) == 0;
        Secret key = Secret.of("sk-" + random.nextInt(3) + pick("", ": x", " # y", "$", "'\"\\"));
        String url = random.nextBoolean() ? null : "http://10.0.0." + random.nextInt(255) + ":8080/v1";
        ProviderEndpoint endpoint = ProviderEndpoint.of(Presets.named(provider), url, key, variable -> null);
        if (passThrough) {
            endpoint = new ProviderEndpoint(endpoint.preset(), endpoint.baseUrl(), null);
        }
        return new TargetConfig(
                name,
                endpoint,
                pick("gpt-4o", "llama3:8b", "a/b c", "no", "1.10", "true"),
                passThrough,
                random.nextBoolean() ? Map.of() : Map.of("x-team", pick("a", "b: c")),
                random.nextBoolean() ? null : "shared");
    }

    private Model model(String name, Set<String> targets, Set<String> policies) {
        List<Map<String, Double>> tiers = new ArrayList<>();
        Map<String, Double> tier = new LinkedHashMap<>();
        for (String target : targets) {
            tier.put(target, random.nextBoolean() ? 1.0 : 1 + random.nextInt(40) / 8.0);
            if (random.nextBoolean()) {
                tiers.add(tier);
                tier = new LinkedHashMap<>();
            }
        }
        if (!tier.isEmpty()) {
            tiers.add(tier);
        }
        for (int i = 0; i < tiers.size(); i++) {
            if (tiers.get(i).size() == 1 && random.nextBoolean()) {
                tiers.set(i, Map.of(tiers.get(i).keySet().iterator().next(), 1.0));
            }
        }
        return new Model(name, tiers, List.copyOf(policies).get(random.nextInt(policies.size())));
    }

    ResilienceConfig policy() {
        Map<Category, Integer> perCategory = new EnumMap<>(Category.class);
        perCategory.put(Category.UNKNOWN, 1 + random.nextInt(4));
        Set<Category> counted = EnumSet.noneOf(Category.class);
        for (Category category : Category.values()) {
            if (random.nextInt(4) == 0) {
                perCategory.put(category, 1 + random.nextInt(9));
            }
            if (random.nextBoolean()) {
                counted.add(category);
            }
        }
        int threshold = 1 + random.nextInt(20);
        int minimum = 1 + random.nextInt(60);
        Duration recovery = duration();
        int capacity = 1 + random.nextInt(1000);
        return new ResilienceConfig(
                new RetryConfig(
                        1 + random.nextInt(9),
                        new Backoff(
                                Backoff.Kind.values()[random.nextInt(3)],
                                duration(),
                                1 + random.nextInt(8) / 4.0,
                                duration(),
                                Jitter.values()[random.nextInt(3)]),
                        duration(),
                        duration(),
                        Duration.ZERO,
                        perCategory),
                new BudgetConfig(random.nextBoolean(), capacity, random.nextInt(capacity + 1), random.nextInt(capacity + 1), random.nextInt(100) / 8.0),
                new CircuitConfig(
                        random.nextBoolean(),
                        threshold,
                        (1 + random.nextInt(100)) / 100.0,
                        minimum,
                        Math.max(minimum, 2 * threshold) + random.nextInt(50),
                        duration(),
                        recovery,
                        recovery.plus(duration()),
                        duration(),
                        1 + random.nextInt(5),
                        1 + random.nextInt(5),
                        random.nextBoolean() ? null : duration(),
                        (1 + random.nextInt(100)) / 100.0,
                        counted),
                new TimeoutConfig(duration(), duration(), duration(), duration()),
                new LimitConfig(
                        new PacerConfig(random.nextInt(9999), random.nextInt(999_999), duration(), random.nextBoolean()),
                        new RampConfig(random.nextBoolean(), 1 + random.nextInt(50), duration()),
                        new ConcurrencyConfig(random.nextInt(50), random.nextBoolean(), (1 + random.nextInt(99)) / 100.0),
                        new AdmissionConfig(random.nextInt(50_000))),
                new HedgeConfig(random.nextBoolean(), random.nextInt(100) / 100.0, duration()),
                random.nextBoolean() ? null : duration());
    }

    private Duration duration() {
        return switch (random.nextInt(4)) {
            case 0 -> Duration.ofMillis(1 + random.nextInt(5000));
            case 1 -> Duration.ofSeconds(1 + random.nextInt(5000));
            case 2 -> Duration.ofMinutes(1 + random.nextInt(500));
            default -> Duration.ofNanos(1 + random.nextInt(1_000_000_000));
        };
    }

    private String pick(String... words) {
        return words[random.nextInt(words.length)];
    }
}
