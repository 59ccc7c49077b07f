// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.diagram;

import dev.holdfast.graph.diagram.Picture.Arrow;
import dev.holdfast.graph.diagram.Picture.Box;
import java.util.ArrayList;
import java.util.List;

/**
 * Places boxes in layers from top to bottom, after Sugiyama: loops are turned, each box goes below all that lead to it,
 * arrows get a bend in each layer that they cross, and layers are ordered to have few crossings ({@link Ordering}) and
 * moved to have straight arrows ({@link Straightening}). A label is the bend in the middle of its arrow, with the size of
 * its text, so that nothing can lie over it.
 */
final class Layout {
    static final double NAME_FONT = 14;
    static final double SMALL_FONT = 11;
    private static final double LAYER_GAP = 20;
    private static final double MARGIN = 28;
    private static final int NAME_CHARS = 26;
    private static final int LABEL_CHARS = 36;

    /** A box, a bend or a label: something with a place in a layer. */
    static final class Item {
        final double width;
        final double height;
        final boolean bend;
        final List<Item> above = new ArrayList<>();
        final List<Item> below = new ArrayList<>();
        int layer;
        int order;
        double x;
        double y;

        Item(double width, double height, boolean bend) {
            this.width = width;
            this.height = height;
            this.bend = bend;
        }
    }

    /** The items of one arrow from its upper end to its lower end; a turned arrow points upward. */
    record Chain(Arrow arrow, List<Item> items, boolean turned, List<String> label, Item labelItem) {}

    final List<Item> boxes = new ArrayList<>();
    final List<List<String>> names = new ArrayList<>();
    final List<Chain> chains = new ArrayList<>();
    final List<Arrow> loops = new ArrayList<>();
    final List<List<Item>> layers = new ArrayList<>();
    final List<Double> layerHeights = new ArrayList<>();
    final Corridors corridors;
    double width;
    double height;

    Layout(Picture picture) {
        for (int i = 0; i < picture.boxes.size(); i++) {
            Box box = picture.boxes.get(i);
            List<String> name = TextSize.wrap(box.name(), NAME_CHARS, 2);
            names.add(name);
            boxes.add(new Item(boxWidth(i, picture), boxHeight(box, name), false));
        }
        Ranking ranking = new Ranking(picture);
        for (int i = 0; i < boxes.size(); i++) {
            boxes.get(i).layer = ranking.rank(i) * 2;
            add(boxes.get(i));
        }
        for (Arrow arrow : picture.arrows) {
            if (arrow.from() == arrow.to()) {
                loops.add(arrow);
            } else {
                chains.add(chain(arrow, ranking.isTurned(arrow)));
            }
        }
        new Ordering(layers).run();
        new Straightening(layers).run();
        corridors = new Corridors(layers);
        chains.forEach(corridors::straighten);
        finish();
    }

    /** Room for the box itself, and on both sides for arrows from it to itself, so that it stays in the middle. */
    private double boxWidth(int place, Picture picture) {
        double loop = 0;
        for (Arrow arrow : picture.arrows) {
            if (arrow.from() == place && arrow.to() == place) {
                loop = Math.max(loop, 44 + labelWidth(label(arrow)));
            }
        }
        return drawnWidth(place, picture.boxes.get(place)) + 2 * loop;
    }

    double drawnWidth(int place, Box box) {
        double text = names.get(place).stream()
                .mapToDouble(line -> TextSize.width(line, NAME_FONT))
                .max()
                .orElse(0);
        text = Math.max(text, TextSize.width(box.caption(), SMALL_FONT));
        text = Math.max(text, TextSize.width(box.note(), SMALL_FONT));
        return Math.max(116, text + 36);
    }

    private static double boxHeight(Box box, List<String> name) {
        return 18 + name.size() * 18 + 16 + (box.note().isEmpty() ? 0 : 16);
    }

    static List<String> label(Arrow arrow) {
        return TextSize.wrap(arrow.label(), LABEL_CHARS, 3);
    }

    static double labelWidth(List<String> label) {
        return label.stream()
                .mapToDouble(line -> TextSize.monospaceWidth(line, SMALL_FONT) + 14)
                .max()
                .orElse(0);
    }

    private Chain chain(Arrow arrow, boolean turned) {
        Item top = boxes.get(turned ? arrow.to() : arrow.from());
        Item bottom = boxes.get(turned ? arrow.from() : arrow.to());
        List<String> label = label(arrow);
        int middle = (top.layer + bottom.layer) / 2;
        middle += middle % 2 == 0 ? 1 : 0;
        List<Item> items = new ArrayList<>(List.of(top));
        Item labelItem = top;
        for (int layer = top.layer + 1; layer < bottom.layer; layer++) {
            boolean holdsLabel = layer == middle;
            Item bend = holdsLabel && !label.isEmpty()
                    ? new Item(labelWidth(label), label.size() * 14 + 6, true)
                    : new Item(8, 0, true);
            labelItem = holdsLabel ? bend : labelItem;
            bend.layer = layer;
            add(bend);
            items.add(bend);
        }
        items.add(bottom);
        for (int i = 1; i < items.size(); i++) {
            items.get(i - 1).below.add(items.get(i));
            items.get(i).above.add(items.get(i - 1));
        }
        return new Chain(arrow, items, turned, label, labelItem);
    }

    private void add(Item item) {
        while (layers.size() <= item.layer) {
            layers.add(new ArrayList<>());
        }
        layers.get(item.layer).add(item);
    }

    /** Gives layers their heights, and moves everything to positive places. */
    private void finish() {
        double left = Double.MAX_VALUE;
        double right = 0;
        double y = MARGIN + 24;
        for (List<Item> layer : layers) {
            double tallest =
                    layer.stream().mapToDouble(item -> item.height).max().orElse(0);
            layerHeights.add(tallest);
            for (Item item : layer) {
                item.y = y + tallest / 2;
                left = Math.min(left, item.x - item.width / 2);
            }
            y += tallest + LAYER_GAP;
        }
        for (List<Item> layer : layers) {
            for (Item item : layer) {
                item.x += MARGIN - left;
                right = Math.max(right, item.x + item.width / 2);
            }
        }
        width = right + MARGIN;
        height = y - LAYER_GAP + MARGIN;
    }
}
