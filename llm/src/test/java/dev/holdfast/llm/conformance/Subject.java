// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.conformance;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** What stands between a caller and the upstream servers: this library, or a gateway. Made anew for each case. */
public interface Subject extends AutoCloseable {
    /** Where the servers are. */
    record Upstream(URI simulator, URI canned, URI gone) {}

    /** Makes a subject whose attempts are 3, 5 ms apart. */
    interface Maker {
        String name();

        /** @param circuit whether targets in trouble are left alone, from 5 failures on and for 300 ms */
        Subject make(Upstream upstream, Case asked, boolean circuit) throws Exception;
    }

    /**
     * What the caller saw of one call.
     *
     * @param status of HTTP; 0 where the subject is no server
     * @param outcome {@code finish} or the category of the error
     * @param words how many words of text came
     * @param terminator whether the end was marked, by a finish or an error
     * @param attempts as reported; 0 where none was made or the subject does not say
     * @param millis until the end, or until the upstream saw the caller leave
     */
    record Seen(int status, String outcome, int words, boolean terminator, int attempts, long millis) {
        public Seen(String outcome, int words, boolean terminator, int attempts, long millis) {
            this(0, outcome, words, terminator, attempts, millis);
        }

        boolean errorVisible() {
            return !outcome.startsWith("finish") && terminator;
        }
    }

    /** Asks once and waits for the end. */
    Seen ask() throws Exception;

    /** Asks so many times, one after the other. */
    default List<Seen> askInTurn(int calls) throws Exception {
        List<Seen> seen = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            seen.add(ask());
        }
        return seen;
    }

    /** Reads the first content and leaves; returns at once. */
    Seen askAndLeave() throws Exception;

    /** Asks so many times at once and waits for all ends. */
    List<Seen> askAtOnce(int calls) throws Exception;

    /** Returns when a target that was left alone may be asked again. */
    void awaitRecovery();

    @Override
    void close();
}
