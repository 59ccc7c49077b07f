// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.diagram;

import dev.holdfast.graph.diagram.Layout.Chain;
import dev.holdfast.graph.diagram.Layout.Item;
import java.util.List;

/**
 * Takes the small bends out of long arrows. Between its neighbours each bend has room to move; as many bends in a row as
 * have room in common stand exactly below each other afterwards.
 */
final class Corridors {
    private static final double GAP = 12;

    private final List<List<Item>> layers;

    Corridors(List<List<Item>> layers) {
        this.layers = layers;
    }

    void straighten(Chain chain) {
        List<Item> bends = chain.items().subList(1, chain.items().size() - 1);
        int from = 0;
        while (from < bends.size()) {
            double low = low(bends.get(from));
            double high = high(bends.get(from));
            double sum = bends.get(from).x;
            int to = from + 1;
            while (to < bends.size() && Math.max(low, low(bends.get(to))) <= Math.min(high, high(bends.get(to)))) {
                low = Math.max(low, low(bends.get(to)));
                high = Math.min(high, high(bends.get(to)));
                sum += bends.get(to).x;
                to++;
            }
            double x = Math.max(low, Math.min(high, sum / (to - from)));
            for (Item bend : bends.subList(from, to)) {
                bend.x = x;
            }
            from = to;
        }
    }

    /** Whether an arrow may pass the layer of a bend at a place. */
    boolean isFree(Item bend, double x) {
        return x >= low(bend) && x <= high(bend);
    }

    private double low(Item item) {
        if (item.order == 0) {
            return item.x - 60;
        }
        Item left = layers.get(item.layer).get(item.order - 1);
        return Math.min(item.x, left.x + (left.width + item.width) / 2 + GAP);
    }

    private double high(Item item) {
        List<Item> layer = layers.get(item.layer);
        if (item.order == layer.size() - 1) {
            return item.x + 60;
        }
        Item right = layer.get(item.order + 1);
        return Math.max(item.x, right.x - (right.width + item.width) / 2 - GAP);
    }
}
