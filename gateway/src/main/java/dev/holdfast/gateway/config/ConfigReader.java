// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.gateway.config.GatewayConfig.AccessLog;
import dev.holdfast.gateway.config.GatewayConfig.Client;
import dev.holdfast.gateway.config.GatewayConfig.Limits;
import dev.holdfast.gateway.config.GatewayConfig.Listen;
import dev.holdfast.gateway.config.GatewayConfig.Model;
import dev.holdfast.gateway.config.GatewayConfig.TargetConfig;
import dev.holdfast.llm.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration file. What holds where several say something: defaults, then the environment, then the file, then
 * flags. Immutable and thread-safe.
 *
 * <p>The environment stands behind the file with {@code HOLDFAST_HOST}, {@code HOLDFAST_PORT}, {@code HOLDFAST_ADMIN_KEY} and
 * the keys and base URLs of providers, such as {@code OPENAI_API_KEY} and {@code OPENAI_BASE_URL}.
 */
public final class ConfigReader {
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(30);
    private static final int MOST_CONNECTIONS = 1_000_000;

    private final Function<String, @Nullable String> environment;
    private final ResilienceConfig usual;
    private final @Nullable String host;
    private final @Nullable Integer port;

    /** @param environment gives variables by name, null for those not set; usually {@code System::getenv} */
    public ConfigReader(Function<String, @Nullable String> environment) {
        this(environment, ResilienceConfig.defaults(), null, null);
    }

    private ConfigReader(
            Function<String, @Nullable String> environment,
            ResilienceConfig usual,
            @Nullable String host,
            @Nullable Integer port) {
        this.environment = environment;
        this.usual = usual;
        this.host = host;
        this.port = port;
    }

    /** Other defaults for what policies do not state, such as flags give them. */
    public ConfigReader withDefaults(ResilienceConfig value) {
        return new ConfigReader(environment, value, host, port);
    }

    /** Where to listen, whatever the file says; null leaves it to the file. */
    public ConfigReader withListen(@Nullable String newHost, @Nullable Integer newPort) {
        return new ConfigReader(environment, usual, newHost, newPort);
    }

    /**
     * Reads a file.
     *
     * @throws ConfigException with every problem, if there is any; a file that cannot be read is one
     */
    public GatewayConfig read(Path file) {
        return read(file.toString(), ConfigFile.text(file));
    }

    /**
     * Reads a file's text.
     *
     * @param source the file's name, for messages
     * @throws ConfigException with every problem, if there is any
     */
    public GatewayConfig read(String source, String yaml) {
        Problems problems = new Problems();
        Node root = NodeReader.read(yaml, new References(environment), problems);
        int unreadable = problems.size();
        if (unreadable > 0 && root.size() == 1) {
            problems.throwIfAny(source);
        }
        Section section = Section.root(root, problems);
        GatewayConfig config = config(section, problems);
        section.end();
        problems.throwIfAny(source);
        return config;
    }

    /**
     * What holds without a file: a target for every provider whose key is in the environment and for the simulator, any
     * {@code provider/model} besides, and {@code default}, the first of OpenAI, Anthropic and the simulator that is there.
     *
     * @param simulator its address
     * @throws ConfigException if a flag or a variable of the environment cannot be used
     */
    public GatewayConfig withoutFile(URI simulator) {
        Problems problems = new Problems();
        Section nothing = Section.root(new Node.Mapping(0, Map.of(), 1), problems);
        Map<String, TargetConfig> targets = new WithoutFile(environment, problems).targets(simulator);
        Secret adminKey = adminKey(nothing, problems);
        Listen listen = new ListenReader(environment, host, port).read(nothing.section("listen"), true, problems);
        problems.throwIfAny("environment");
        return new GatewayConfig(
                listen,
                adminKey,
                false,
                List.of(),
                targets,
                WithoutFile.models(targets),
                Map.of(GatewayConfig.STANDARD, usual),
                true,
                KEEP_ALIVE,
                DRAIN_TIMEOUT,
                Limits.defaults(),
                new AccessLog(false, null));
    }

    private GatewayConfig config(Section root, Problems problems) {
        Secret adminKey = adminKey(root, problems);
        boolean open = root.choice("observability", false, Map.of("private", false, "public", true));
        Section targetSection = root.section("targets");
        Map<String, TargetConfig> targets = new TargetReader(environment, problems).read(targetSection);
        Map<String, ResilienceConfig> policies = policies(root.section("policies"), problems);
        Section modelSection = root.section("models");
        Map<String, Model> models = new ModelReader(
                        targetSection.named().keySet(), policies.keySet(), problems)
                .read(modelSection);
        List<Client> clients =
                new ClientReader(modelSection.named().keySet(), problems).read(root.list("clients"));
        root.require("targets", "at least one target under targets:");
        root.require("models", "at least one model under models:");
        if (targetSection.named().isEmpty() && root.isStated("targets")) {
            root.problem("targets", "must hold at least one target");
        }
        if (modelSection.named().isEmpty() && root.isStated("models")) {
            root.problem("models", "must hold at least one model");
        }
        boolean keyless = !root.isStated("clients") || root.list("clients").isEmpty();
        Listen listen = new ListenReader(environment, host, port).read(root.section("listen"), keyless, problems);
        return new GatewayConfig(
                listen,
                adminKey,
                open,
                clients,
                targets,
                models,
                policies,
                false,
                root.duration("keep_alive", KEEP_ALIVE),
                root.durationOrZero("drain_timeout", DRAIN_TIMEOUT),
                limits(root.section("limits")),
                accessLog(root.section("access_log"), root.isStated("access_log")));
    }

    private @Nullable Secret adminKey(Section root, Problems problems) {
        if (root.isStated("admin_key")) {
            return TargetReader.secret(root, "admin_key");
        }
        root.text("admin_key");
        String value = environment.apply("HOLDFAST_ADMIN_KEY");
        try {
            return value == null || value.isBlank() ? null : Secret.of(value);
        } catch (IllegalArgumentException unusable) {
            problems.add(0, "HOLDFAST_ADMIN_KEY", String.valueOf(unusable.getMessage()));
            return null;
        }
    }

    private Map<String, ResilienceConfig> policies(Section section, Problems problems) {
        Map<String, ResilienceConfig> policies = new LinkedHashMap<>();
        PolicyReader reader = new PolicyReader(usual);
        section.named().forEach((name, item) -> {
            Names.check(name, item, section);
            policies.put(name, reader.read(Section.of(item, problems)));
        });
        policies.putIfAbsent(GatewayConfig.STANDARD, usual);
        return policies;
    }

    private static Limits limits(Section section) {
        Limits from = Limits.defaults();
        Limits limits = new Limits(
                section.size("body", from.bodyBytes(), 1024),
                section.size("header", from.headerBytes(), 1024),
                section.duration("header_timeout", from.headerTimeout()),
                section.duration("body_timeout", from.bodyTimeout()),
                section.duration("idle_timeout", from.idleTimeout()),
                section.whole("connections", from.connections(), 1, MOST_CONNECTIONS));
        section.end();
        return limits;
    }

    /** Whoever writes the section wants the log. */
    private static AccessLog accessLog(Section section, boolean stated) {
        boolean enabled = section.bool("enabled", stated);
        String file = section.text("file");
        section.end();
        return new AccessLog(enabled, file == null || file.isBlank() ? null : file);
    }
}
