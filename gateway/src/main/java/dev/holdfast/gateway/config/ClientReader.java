// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import dev.holdfast.gateway.config.GatewayConfig.Client;
import dev.holdfast.gateway.config.Section.Item;
import dev.holdfast.llm.Secret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads those who may call. */
final class ClientReader {
    private final Set<String> models;
    private final Problems problems;
    private final Set<String> names = new HashSet<>();
    private final Map<Secret, String> keys = new HashMap<>();

    /** @param models the names of all */
    ClientReader(Set<String> models, Problems problems) {
        this.models = models;
        this.problems = problems;
    }

    List<Client> read(List<Item> items) {
        List<Client> clients = new ArrayList<>();
        for (Item item : items) {
            Section section = Section.of(item, problems);
            Client client = client(item, section);
            section.end();
            if (client != null) {
                clients.add(client);
            }
        }
        return clients;
    }

    private @Nullable Client client(Item item, Section section) {
        String name = section.requiredText("name", "who this is, for example name: team-a");
        if (name != null) {
            Names.check(name, item, section);
            if (!names.add(name)) {
                section.problem("name", "another client has the name '" + name + "' already");
            }
        }
        Secret key = key(section, name);
        Set<String> allowed = allowed(section);
        long requests = section.whole("requests_per_minute", 0L, 0, Long.MAX_VALUE / 2);
        long tokens = section.whole("tokens_per_minute", 0L, 0, Long.MAX_VALUE / 2);
        return name == null || key == null ? null : new Client(name, key, allowed, requests, tokens);
    }

    private @Nullable Secret key(Section section, @Nullable String name) {
        section.require("key", "the key that it sends, best as key: ${TEAM_A_KEY}");
        Secret key = TargetReader.secret(section, "key");
        Node.Scalar stated = section.scalar("key");
        if (key == null) {
            if (stated != null && stated.text().isBlank()) {
                section.problem("key", "must not be empty");
            }
            return null;
        }
        String other = keys.putIfAbsent(key, String.valueOf(name));
        if (other != null) {
            section.problem("key", "is the same as that of client '" + other + "', so nobody could tell them apart");
        }
        return key;
    }

    private Set<String> allowed(Section section) {
        Set<String> allowed = new LinkedHashSet<>();
        List<Item> words = section.words("models");
        for (Item word : words) {
            String model = Section.text(word);
            if (!models.contains(model)) {
                section.problem(
                        word,
                        "there is no model '" + model + "'" + Nearest.hint(model, models)
                                + (models.isEmpty() ? "" : "; known: " + String.join(", ", models)));
            } else if (!allowed.add(model)) {
                section.problem(word, "the model '" + model + "' stands here twice");
            }
        }
        if (words.isEmpty() && section.isStated("models")) {
            section.problem("models", "names none: leave it out to allow all, or name at least one");
        }
        return allowed;
    }
}
