// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One listener and its mailbox, on an executor that runs when the test says so. */
class MailboxTest {
    private static final int CAPACITY = 65_536;

    private final Deque<Runnable> executor = new ArrayDeque<>();
    private final List<Integer> heard = new ArrayList<>();
    private final Mailbox<Integer> mailbox = new Mailbox<>("the listener", this::hear, executor::add);
    private final List<String> logged = new ArrayList<>();
    private final Logger logger = Logger.getLogger(Mailbox.class.getName());
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            logged.add(line.getLevel() + " "
                    + line.getMessage().replaceAll("\\{.}", "…").replaceAll("[;:].*", ""));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void listenNoMore() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }

    private void hear(Integer event) {
        if (event < 0) {
            throw new IllegalStateException("made up");
        }
        heard.add(event);
    }

    private void run() {
        while (!executor.isEmpty()) {
            executor.remove().run();
        }
    }

    @Test
    void eventsAreHeardInOrderByOneTaskAtATime() {
        mailbox.offer(1);
        mailbox.offer(2);
        assertThat(executor).hasSize(1);
        assertThat(heard).isEmpty();

        run();
        mailbox.offer(3);
        assertThat(executor).hasSize(1);
        run();

        assertThat(heard).containsExactly(1, 2, 3);
        assertThat(logged).isEmpty();
    }

    @Test
    void deliveredCompletesWhenAllThatCameBeforeWasHeard() {
        mailbox.offer(1);
        CompletableFuture<Void> delivered = mailbox.delivered();
        List<Integer> heardAtThatMoment = new ArrayList<>();
        delivered.thenRun(() -> heardAtThatMoment.addAll(heard));
        mailbox.offer(2);
        assertThat(delivered).isNotDone();

        run();

        assertThat(delivered).isCompleted();
        assertThat(heardAtThatMoment).containsExactly(1);
        assertThat(heard).containsExactly(1, 2);
    }

    @Test
    void listenerThatFallsFarBehindMissesTheNewestUntilItHasCaughtUp() {
        IntStream.range(0, CAPACITY + 3).forEach(mailbox::offer);
        CompletableFuture<Void> delivered = mailbox.delivered();
        run();
        mailbox.offer(-0);
        run();

        assertThat(heard).hasSize(CAPACITY + 1).endsWith(CAPACITY - 1, 0);
        assertThat(delivered).isCompleted();
        assertThat(logged).containsExactly("WARNING listener … is … events behind", "WARNING listener … has caught up");
    }

    @Test
    void eachTimeItFallsBehindIsToldOnce() {
        for (int time = 0; time < 2; time++) {
            IntStream.range(0, CAPACITY + 2).forEach(mailbox::offer);
            run();
        }

        assertThat(logged).hasSize(4);
    }

    @Test
    void listenerThatThrowsGoesOnAndItsErrorIsLoggedOnce() {
        for (int event : new int[] {-1, 1, -2, 2}) {
            mailbox.offer(event);
        }

        run();

        assertThat(heard).containsExactly(1, 2);
        assertThat(logged).containsExactly("WARNING listener the listener threw");
    }

    @Test
    void closedOneDeliversNothingMoreAndStillTellsThatItHasDone() {
        mailbox.offer(1);
        CompletableFuture<Void> delivered = mailbox.delivered();

        mailbox.close();
        run();

        assertThat(heard).isEmpty();
        assertThat(delivered).isCompleted();
    }

    @Test
    void reasonsToStopAreToldInTheWordsOfTheOutsideContract() {
        for (StopReason reason : StopReason.values()) {
            assertThat(reason.word()).isEqualTo(reason.name().toLowerCase(Locale.ROOT));
            assertThat(reason).hasToString(reason.word());
        }
    }
}
