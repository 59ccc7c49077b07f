// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.diagram;

import dev.holdfast.graph.diagram.Layout.Chain;
import dev.holdfast.graph.diagram.Layout.Item;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where arrows touch their boxes: side by side, in the order of where they come from or go to. */
final class Ports {
    private static final double APART = 22;

    private record Place(Item box, Chain chain) {}

    private final Map<Place, Double> bottoms = new HashMap<>();
    private final Map<Place, Double> tops = new HashMap<>();

    Ports(List<Chain> chains, List<Item> boxes) {
        Map<Item, List<Chain>> leaving = new HashMap<>();
        Map<Item, List<Chain>> arriving = new HashMap<>();
        for (Chain chain : chains) {
            List<Item> items = chain.items();
            leaving.computeIfAbsent(items.get(0), box -> new ArrayList<>()).add(chain);
            arriving.computeIfAbsent(items.get(items.size() - 1), box -> new ArrayList<>())
                    .add(chain);
        }
        for (Item box : boxes) {
            spread(box, leaving.getOrDefault(box, new ArrayList<>()), 1, bottoms);
            spread(box, arriving.getOrDefault(box, new ArrayList<>()), -2, tops);
        }
    }

    private static void spread(Item box, List<Chain> chains, int neighbour, Map<Place, Double> places) {
        chains.sort(Comparator.comparingDouble(chain -> {
            List<Item> items = chain.items();
            return items.get(neighbour > 0 ? neighbour : items.size() + neighbour).x;
        }));
        double apart = Math.min(APART, 80.0 / Math.max(1, chains.size()));
        for (int i = 0; i < chains.size(); i++) {
            places.put(new Place(box, chains.get(i)), box.x + (i - (chains.size() - 1) / 2.0) * apart);
        }
    }

    double bottom(Item box, Chain chain) {
        return bottoms.getOrDefault(new Place(box, chain), box.x);
    }

    double top(Item box, Chain chain) {
        return tops.getOrDefault(new Place(box, chain), box.x);
    }
}
