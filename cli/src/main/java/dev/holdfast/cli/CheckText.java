// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.gateway.config.ConfigWarning;
import dev.holdfast.gateway.config.GatewayConfig;
import dev.holdfast.gateway.config.GatewayConfig.Client;
import dev.holdfast.gateway.config.GatewayConfig.Model;
import dev.holdfast.gateway.config.GatewayConfig.TargetConfig;
import dev.holdfast.gateway.config.PolicySettings;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** What a configuration would run, for a person. Names clients, shows no key. */
record CheckText(Colours colours) {

    String of(Path file, GatewayConfig config, ResilienceConfig usual) {
        List<String> lines = new ArrayList<>();
        lines.add(file + " is valid");
        lines.add("");
        doors(config, lines);
        config.models().values().forEach(model -> model(config, model, lines));
        config.policies().forEach((name, policy) -> policy(name, policy, usual, lines));
        List<ConfigWarning> warnings = ConfigWarning.of(config);
        if (!warnings.isEmpty()) {
            lines.add("");
            warnings.forEach(warning ->
                    lines.add(colours.red("warning") + " " + warning.key() + ": " + warning.message()));
        }
        return String.join(System.lineSeparator(), lines);
    }

    private void doors(GatewayConfig config, List<String> lines) {
        GatewayConfig.Listen listen = config.listen();
        String host = listen.host().indexOf(':') >= 0 ? "[" + listen.host() + "]" : listen.host();
        lines.add("listen   " + host + ":" + listen.port() + (listen.port() == 0 ? " (any free port)" : ""));
        lines.add("admin    " + (config.adminKey() == null ? "no key: nobody is an admin" : "with the admin key"));
        lines.add("observe  " + (config.publicObservability() ? "public" : "private: beyond loopback with the admin key"));
        if (config.clients().isEmpty()) {
            lines.add("clients  everybody on this machine, without a key");
        }
        String title = "clients  ";
        for (Client client : config.clients()) {
            lines.add(title + client.name() + ": " + client(client));
            title = "         ";
        }
    }

    private static String client(Client client) {
        String models =
                client.models().isEmpty() ? "all models" : "models " + String.join(", ", new TreeSet<>(client.models()));
        return models
                + (client.requestsPerMinute() == 0 ? "" : ", " + client.requestsPerMinute() + " requests per minute")
                + (client.tokensPerMinute() == 0 ? "" : ", " + client.tokensPerMinute() + " tokens per minute");
    }

    private void model(GatewayConfig config, Model model, List<String> lines) {
        lines.add("");
        lines.add("model " + model.name() + colours.faint(" (policy " + model.policy() + ")"));
        int tier = 0;
        for (Map<String, Double> members : model.tiers()) {
            tier++;
            String number = tier + ".";
            for (Map.Entry<String, Double> member : members.entrySet()) {
                TargetConfig target = Objects.requireNonNull(config.targets().get(member.getKey()));
                String weight = members.size() == 1 ? "" : ", weight " + plain(member.getValue());
                lines.add(String.format("  %-3s %s", number, target(target)) + weight);
                number = "";
            }
        }
    }

    private String target(TargetConfig target) {
        String credential = target.passThrough()
                ? "the caller's credential"
                : target.endpoint().key() == null ? "no credential" : "with a key";
        return target.name() + colours.faint(": ") + target.endpoint().preset().name() + " " + target.model()
                + colours.faint(" ("
                        + target.endpoint().preset().dialect() + " dialect, "
                        + EmbeddedSimulator.text(target.endpoint().baseUrl()) + ", " + credential + ")");
    }

    private static String plain(double weight) {
        return BigDecimal.valueOf(weight).stripTrailingZeros().toPlainString();
    }

    private void policy(String name, ResilienceConfig policy, ResilienceConfig usual, List<String> lines) {
        List<PolicySettings.Setting> differing = PolicySettings.differing(policy, usual);
        lines.add("");
        lines.add("policy " + name + (differing.isEmpty() ? ": the defaults" : ""));
        for (PolicySettings.Setting setting : differing) {
            lines.add("  " + setting.key() + " " + setting.value()
                    + colours.faint(" (default " + setting.usual() + "): " + setting.why()));
        }
    }
}
