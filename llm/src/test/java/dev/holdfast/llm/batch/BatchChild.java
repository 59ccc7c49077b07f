// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

import dev.holdfast.Holdfast;
import dev.holdfast.llm.Llm;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A batch in a process of its own, to be killed: a byte on stdout when it begins, one for each result, the summary at the end. */
final class BatchChild {
    private BatchChild() {}

    /** Models of the lines, each made once. */
    static Batch batch(String simulator, Holdfast engine) {
        Map<String, Llm> models = new HashMap<>();
        Llm.Builder builder = Llm.builder().baseUrl("sim", simulator).holdfast(engine);
        return Batch.of(builder.targets("sim/ok").build())
                .withConcurrency(32)
                .withModels(name -> models.computeIfAbsent(name, model -> Llm.builder()
                        .baseUrl("sim", simulator)
                        .holdfast(engine)
                        .targets(model)
                        .build()));
    }

    public static void main(String[] args) throws Exception {
        tell();
        BatchSummary summary = batch(args[0], Holdfast.builder().build())
                .withProgress(now -> tell())
                .run(Path.of(args[1]), Path.of(args[2]));
        System.out.print("\n" + summary.finished() + " " + summary.failed() + " " + summary.madeAgain());
        System.out.flush();
        System.exit(0);
    }

    private static void tell() {
        System.out.write('.');
        System.out.flush();
    }
}
