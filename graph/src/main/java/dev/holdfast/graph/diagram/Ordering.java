// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.diagram;

import dev.holdfast.graph.diagram.Layout.Item;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Orders each layer so that few arrows cross: sweeps down and up, sorting by the mean place of the neighbours, and swaps
 * neighbours where that helps. The best order seen is kept.
 */
final class Ordering {
    private static final int SWEEPS = 16;
    /** Beyond it only sorting by means; counting crossings grows with the square of a layer. */
    private static final int MOST_PER_LAYER = 120;

    /** Items in all, beyond which there are fewer sweeps: nobody reads such a picture closely. */
    static final int LARGE = 10_000;

    private final List<List<Item>> layers;

    Ordering(List<List<Item>> layers) {
        this.layers = layers;
    }

    void run() {
        layers.forEach(Ordering::number);
        boolean large = layers.stream().mapToInt(List::size).sum() > LARGE;
        long fewest = crossings();
        Map<Item, Integer> best = snapshot();
        for (int sweep = 0; sweep < (large ? SWEEPS / 4 : SWEEPS) && fewest > 0; sweep++) {
            boolean down = sweep % 2 == 0;
            for (int i = 0; i < layers.size(); i++) {
                sort(layers.get(down ? i : layers.size() - 1 - i), down);
            }
            layers.forEach(this::swap);
            long crossings = crossings();
            if (crossings < fewest) {
                fewest = crossings;
                best = snapshot();
            }
        }
        for (List<Item> layer : layers) {
            layer.sort(Comparator.comparing(best::get));
            number(layer);
        }
    }

    private static void number(List<Item> layer) {
        for (int i = 0; i < layer.size(); i++) {
            layer.get(i).order = i;
        }
    }

    private Map<Item, Integer> snapshot() {
        Map<Item, Integer> orders = new HashMap<>();
        layers.forEach(layer -> layer.forEach(item -> orders.put(item, item.order)));
        return orders;
    }

    private static void sort(List<Item> layer, boolean down) {
        Map<Item, Double> means = new HashMap<>();
        for (Item item : layer) {
            List<Item> neighbours = down ? item.above : item.below;
            means.put(
                    item,
                    neighbours.stream().mapToInt(each -> each.order).average().orElse(item.order));
        }
        layer.sort(Comparator.comparing(means::get));
        number(layer);
    }

    private void swap(List<Item> layer) {
        if (layer.size() > MOST_PER_LAYER) {
            return;
        }
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i + 1 < layer.size(); i++) {
                Item left = layer.get(i);
                Item right = layer.get(i + 1);
                if (crossings(left, right) > crossings(right, left)) {
                    layer.set(i, right);
                    layer.set(i + 1, left);
                    number(layer);
                }
            }
        }
    }

    /** Crossings of the arrows of two neighbours, if the first stands left of the second. */
    private static int crossings(Item left, Item right) {
        return pairs(left.above, right.above) + pairs(left.below, right.below);
    }

    private static int pairs(List<Item> left, List<Item> right) {
        int crossings = 0;
        for (Item a : left) {
            for (Item b : right) {
                crossings += a.order > b.order ? 1 : 0;
            }
        }
        return crossings;
    }

    private long crossings() {
        long crossings = 0;
        for (List<Item> layer : layers) {
            if (layer.size() > MOST_PER_LAYER) {
                continue;
            }
            List<Item> passed = new ArrayList<>();
            for (Item item : layer) {
                for (Item left : passed) {
                    crossings += pairs(left.below, item.below);
                }
                passed.add(item);
            }
        }
        return crossings;
    }
}
