// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.diagram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.graph.Definitions;
import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.GraphBuilder;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.diagram.Layout.Chain;
import dev.holdfast.graph.diagram.Layout.Item;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LayoutTest {
    /** Nothing lies over anything or outside of the picture, and arrows that are not turned lead down. */
    static void checkPlaces(Picture picture, String of) {
        Layout layout = new Layout(picture);
        for (List<Item> layer : layout.layers) {
            Item left = null;
            for (Item item : layer) {
                assertThat(item.x - item.width / 2).as(of).isGreaterThanOrEqualTo(0);
                assertThat(item.x + item.width / 2).as(of).isLessThanOrEqualTo(layout.width);
                assertThat(item.y + item.height / 2).as(of).isLessThanOrEqualTo(layout.height);
                if (left != null) {
                    assertThat(item.x - item.width / 2)
                            .as(of + ": overlap in layer " + item.layer)
                            .isGreaterThanOrEqualTo(left.x + left.width / 2 + 1);
                }
                left = item;
            }
        }
        double lowest = 0;
        for (List<Item> layer : layout.layers) {
            double top = layer.stream()
                    .mapToDouble(item -> item.y - item.height / 2)
                    .min()
                    .orElse(lowest + 1);
            assertThat(top).as(of).isGreaterThan(lowest);
            lowest = layer.stream()
                    .mapToDouble(item -> item.y + item.height / 2)
                    .max()
                    .orElse(lowest);
        }
        for (Chain chain : layout.chains) {
            Item from = layout.boxes.get(chain.arrow().from());
            Item to = layout.boxes.get(chain.arrow().to());
            assertThat(chain.turned() ? from.layer - to.layer : to.layer - from.layer)
                    .as(of)
                    .isPositive();
        }
    }

    @Test
    void aLineStandsStraight() {
        Layout layout =
                new Layout(new Picture(Definitions.line("a", "b", "c", "d").build(), null));

        assertThat(layout.boxes).allSatisfy(box -> assertThat(box.x).isCloseTo(layout.boxes.get(0).x, within(0.5)));
    }

    @Test
    void onlyArrowsThatCloseALoopAreTurned() {
        Graph graph = Definitions.line("a", "b", "c")
                .edge(EdgeSpec.when("c", "a", "again"))
                .edge(EdgeSpec.onFailure("a", "c"))
                .build();

        Layout layout = new Layout(new Picture(graph, null));

        assertThat(layout.chains).extracting(Chain::turned).containsExactly(false, false, true, false);
    }

    @Test
    void branchesKeepTheirOrderAndDoNotCross() {
        GraphBuilder graph = Graph.builder("g").node(NodeSpec.function("s"));
        for (String id : List.of("a", "b", "c", "d")) {
            graph.node(NodeSpec.function(id)).edge(EdgeSpec.always("s", id)).edge(EdgeSpec.always(id, "m"));
        }

        Layout layout =
                new Layout(new Picture(graph.node(NodeSpec.function("m")).build(), null));

        assertThat(layout.boxes.subList(1, 5)).extracting(box -> box.x).isSorted();
        assertThat(layout.boxes.get(5).x).isCloseTo(layout.boxes.get(0).x, within(1.0));
    }

    @Test
    @Timeout(120) // real time: a large definition must not hang whoever draws it
    void aLargeGraphIsDrawn() {
        GraphBuilder graph = Graph.builder("large");
        for (int i = 0; i < 300; i++) {
            graph.node(NodeSpec.function("n" + i));
            graph.edge(EdgeSpec.onSuccess("n" + i / 2, "n" + i));
            graph.edge(EdgeSpec.when("n" + i, "n" + (i * 7 % 300), "x"));
        }

        checkPlaces(new Picture(graph.build(), null), "large");
    }

    private static Offset<Double> within(double offset) {
        return Offset.offset(offset);
    }
}
