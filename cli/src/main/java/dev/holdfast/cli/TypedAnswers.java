// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.graph.node.Interaction;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks the person at the terminal, one question at a time; Ctrl-D means that nobody is there any more. */
final class TypedAnswers implements Interaction {
    private final BufferedReader in;
    private final PrintWriter err;

    TypedAnswers(InputStream in, PrintWriter err) {
        this.in = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset()));
        this.err = err;
    }

    @Override
    public CompletionStage<String> ask(Question question) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread reader = new Thread(() -> read(question, answer), "holdfast-questions");
        reader.setDaemon(true); // nobody may ever type anything
        reader.start();
        return answer;
    }

    private synchronized void read(Question question, CompletableFuture<String> answer) {
        if (answer.isDone()) {
            return;
        }
        err.println();
        err.println(question.text().isBlank() ? question.nodeId() + " asks" : question.text());
        err.print("> ");
        err.flush();
        try {
            answer.complete(in.readLine());
        } catch (IOException e) {
            answer.completeExceptionally(e);
        }
    }
}
