// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.diagram;

import dev.holdfast.graph.diagram.Layout.Item;
import java.util.List;

/**
 * Moves the items of each layer toward the mean of their neighbours without changing their order or letting them touch.
 * One layer at a time this is a least-squares problem with an order, which pooling adjacent violators solves exactly;
 * sweeps down and up bring the layers into line.
 */
final class Straightening {
    private static final int SWEEPS = 40;
    private static final double GAP = 26;

    private final List<List<Item>> layers;

    Straightening(List<List<Item>> layers) {
        this.layers = layers;
    }

    void run() {
        for (List<Item> layer : layers) {
            double x = 0;
            for (Item item : layer) {
                item.x = x + item.width / 2;
                x += item.width + GAP;
            }
            double shift = x / 2;
            layer.forEach(item -> item.x -= shift);
        }
        boolean large = layers.stream().mapToInt(List::size).sum() > Ordering.LARGE;
        int sweeps = large ? SWEEPS / 4 : SWEEPS;
        for (int sweep = 0; sweep < sweeps; sweep++) {
            for (int i = 0; i < layers.size(); i++) {
                int layer = sweep % 2 == 0 ? i : layers.size() - 1 - i;
                move(layers.get(layer), sweep >= sweeps - 4);
            }
        }
    }

    private static void move(List<Item> layer, boolean both) {
        int size = layer.size();
        double[] offset = new double[size];
        double[] wanted = new double[size];
        double[] weight = new double[size];
        for (int i = 0; i < size; i++) {
            Item item = layer.get(i);
            if (i > 0) {
                Item left = layer.get(i - 1);
                offset[i] = offset[i - 1] + (left.width + item.width) / 2 + gap(left, item);
            }
            wanted[i] = target(item) - offset[i];
            weight[i] = item.bend ? 2 : both ? 1.5 : 1;
        }
        double[] placed = pool(wanted, weight);
        for (int i = 0; i < size; i++) {
            layer.get(i).x = placed[i] + offset[i];
        }
    }

    private static double gap(Item left, Item right) {
        return left.bend && right.bend ? GAP * 0.7 : GAP;
    }

    /** The mean of the neighbours; bends pull harder, because a crooked long arrow is seen first. */
    private static double target(Item item) {
        double sum = 0;
        double weights = 0;
        for (List<Item> side : List.of(item.above, item.below)) {
            for (Item neighbour : side) {
                double weight = item.bend && neighbour.bend ? 8 : 1;
                sum += weight * neighbour.x;
                weights += weight;
            }
        }
        return weights == 0 ? item.x : sum / weights;
    }

    /** The non-decreasing sequence nearest to the wanted one: neighbours out of order are pooled at their mean. */
    private static double[] pool(double[] wanted, double[] weight) {
        int size = wanted.length;
        double[] mean = new double[size];
        double[] mass = new double[size];
        int[] count = new int[size];
        int blocks = 0;
        for (int i = 0; i < size; i++) {
            mean[blocks] = wanted[i];
            mass[blocks] = weight[i];
            count[blocks] = 1;
            blocks++;
            while (blocks > 1 && mean[blocks - 2] > mean[blocks - 1]) {
                double total = mass[blocks - 2] + mass[blocks - 1];
                mean[blocks - 2] = (mean[blocks - 2] * mass[blocks - 2] + mean[blocks - 1] * mass[blocks - 1]) / total;
                mass[blocks - 2] = total;
                count[blocks - 2] += count[blocks - 1];
                blocks--;
            }
        }
        double[] placed = new double[size];
        int at = 0;
        for (int block = 0; block < blocks; block++) {
            for (int i = 0; i < count[block]; i++) {
                placed[at++] = mean[block];
            }
        }
        return placed;
    }
}
