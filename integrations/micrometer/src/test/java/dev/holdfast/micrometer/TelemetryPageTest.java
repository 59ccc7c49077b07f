// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.holdfast.ContextCarrier;
import dev.holdfast.Holdfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.VirtualHoldfast;
import dev.holdfast.event.CallEvent;
import dev.holdfast.failure.Category;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.mock.MockAnswer;
import dev.holdfast.llm.mock.MockProvider;
import dev.holdfast.retry.Backoff;
import dev.holdfast.target.Targets;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The code of docs/telemetry.md; that the page shows exactly this is checked where OpenTelemetry's part of it runs. */
@Timeout(120)
class TelemetryPageTest {
    private static final Logger LOG = LoggerFactory.getLogger(TelemetryPageTest.class);
    private static final ResilienceConfig QUICK =
            ResilienceConfig.defaults().withBackoff(Backoff.fixed(Duration.ofMillis(5)));

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void forget() {
        MDC.clear();
        ContextRegistry.getInstance().removeThreadLocalAccessor(Slf4jThreadLocalAccessor.KEY);
    }

    @Test
    void bindingModels() {
        Llm llm = Llm.builder()
                .provider(MockProvider.of(MockAnswer.text("Hello")))
                .holdfast(Holdfast.builder().build())
                .build();

        HoldfastMetrics metrics = HoldfastMetrics.of(llm);
        metrics.bindTo(registry);

        llm.blocking().complete("Hi");
        assertThat(registry.get("holdfast.calls")
                        .tag("outcome", "success")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void bindingTwoEngines() {
        Holdfast search = Holdfast.builder().build();
        Holdfast orders = Holdfast.builder().build();

        HoldfastMetrics.of(search).withTags(Tag.of("engine", "search")).bindTo(registry);
        HoldfastMetrics.of(orders).withTags(Tag.of("engine", "orders")).bindTo(registry);

        search.blocking().call(Targets.named("a/one"), attempt -> "x");
        assertThat(registry.get("holdfast.calls")
                        .tags("engine", "search", "outcome", "success")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.find("holdfast.calls").tag("engine", "orders").counter())
                .isNull();
    }

    @Test
    void carryingWhatIsRegistered() throws Exception {
        Holdfast holdfast = Holdfast.builder().config(QUICK).build();

        ContextRegistry.getInstance().registerThreadLocalAccessor(new Slf4jThreadLocalAccessor());
        holdfast.addCarrier(SnapshotCarrier.create());

        retryOnce(holdfast);
        assertThat(seen).containsExactly("r-17", "r-17");
    }

    @Test
    void carryingByHand() throws Exception {
        ContextCarrier mdc = () -> {
            Map<String, String> caller = MDC.getCopyOfContextMap();
            return () -> {
                Map<String, String> before = MDC.getCopyOfContextMap();
                MDC.setContextMap(caller == null ? Map.of() : caller);
                return () -> MDC.setContextMap(before == null ? Map.of() : before);
            };
        };
        Holdfast holdfast = Holdfast.builder().carrier(mdc).build();

        retryOnce(holdfast);
        assertThat(seen).containsExactly("r-17", "r-17");
        assertThat(MDC.get("request")).isNull();
    }

    @Test
    void observing() throws Exception {
        Holdfast holdfast = Holdfast.builder().config(QUICK).build();
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        ch.qos.logback.classic.Logger logger = (ch.qos.logback.classic.Logger) LOG;
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(lines);

        holdfast.addObserver((started, options) -> event -> {
            if (event instanceof CallEvent.RetryScheduled retry) {
                LOG.info("{} failed, again in {}", retry.target(), retry.delay());
            }
        });

        retryOnce(holdfast);
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .startsWith("a/one failed, again in PT");
    }

    private void retryOnce(Holdfast holdfast) throws Exception {
        MDC.put("request", "r-17");
        CompletableFuture<String> call = holdfast.call(Targets.named("a/one"), attempt -> {
            seen.add(String.valueOf(MDC.get("request")));
            return attempt.number() == 1
                    ? CompletableFuture.failedFuture(VirtualHoldfast.fault(Category.OVERLOADED))
                    : CompletableFuture.completedFuture("yes");
        });
        MDC.remove("request");
        assertThat(call.get(60, TimeUnit.SECONDS)).isEqualTo("yes");
    }
}
