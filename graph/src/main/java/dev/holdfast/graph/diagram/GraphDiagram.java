// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.diagram;

import dev.holdfast.graph.Graph;
import dev.holdfast.graph.run.GraphResult;

/**
 * Draws a graph, or a run of one: the way that it took, retries, failures, time per node. All texts of the definition are
 * escaped; the pictures load nothing from elsewhere and hold no script. Immutable.
 */
public final class GraphDiagram {
    private final Picture picture;

    private GraphDiagram(Picture picture) {
        this.picture = picture;
    }

    /** Of a definition. It need not be valid: edges to nowhere are left out. */
    public static GraphDiagram of(Graph graph) {
        return new GraphDiagram(new Picture(graph, null));
    }

    /** Of a run that has ended, or paused. */
    public static GraphDiagram of(Graph graph, GraphResult result) {
        return of(graph, RunTrace.of(result));
    }

    /** Of a run. */
    public static GraphDiagram of(Graph graph, RunTrace run) {
        return new GraphDiagram(new Picture(graph, run));
    }

    /** A Mermaid flowchart. */
    public String mermaid() {
        return new MermaidWriter(picture).write();
    }

    /** A whole SVG document, light or dark as the viewer likes it. */
    public String svg() {
        return new SvgWriter(picture, new Layout(picture)).document();
    }

    /** A whole HTML page with the picture, a legend, and of a run its visits one by one. */
    public String html() {
        return new HtmlWriter(picture, new SvgWriter(picture, new Layout(picture))).write();
    }
}
