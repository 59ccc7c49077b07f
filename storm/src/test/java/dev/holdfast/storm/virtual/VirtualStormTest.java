// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.retry.BudgetConfig;
import dev.holdfast.storm.StormOptions;
import dev.holdfast.storm.Storms;
import dev.holdfast.storm.result.ScenarioResult;
import dev.holdfast.storm.result.StormResult;
import dev.holdfast.storm.result.StormResult.Form;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each run ends with the check that no call, request, slot, permit or timer is left; one that fails throws. */
@Timeout(300)
class VirtualStormTest {
    private static final int CLIENTS = 3_000;

    @Test
    void theSameSeedGivesTheSameStormToTheLastBit() throws Exception {
        List<ScenarioResult> once = run(7, List.of()).scenarios();
        List<ScenarioResult> again = run(7, List.of()).scenarios();

        assertThat(once).hasSize(11);
        assertThat(again).isEqualTo(once);
    }

    @Test
    void anotherSeedGivesAnotherStorm() throws Exception {
        List<String> blips = List.of("blips");

        assertThat(run(8, blips).scenarios()).isNotEqualTo(run(7, blips).scenarios());
    }

    @Test
    void whatIsDemandedOfHoldfastHoldsWithItsDefaults() throws Exception {
        assertThat(failed(run(7, List.of()))).isEmpty();
    }

    /** The demands are such that settings can fail them. */
    @Test
    void budgetThatPaysForAlmostNoRetryFailsADemand() throws Exception {
        ResilienceConfig stingy = ResilienceConfig.defaults()
                .withBudget(BudgetConfig.defaults().withCapacity(100).withCost(100));

        assertThat(failed(run(7, List.of("brownout"), stingy)))
                .singleElement()
                .asString()
                .startsWith("brownout: goodput");
    }

    private static List<String> failed(StormResult result) {
        return result.scenarios().stream()
                .flatMap(scenario -> scenario.engines().stream()
                        .flatMap(engine -> engine.checks().stream())
                        .filter(check -> !check.holds())
                        .map(check -> scenario.name() + ": " + check.demand() + ": " + check.found()))
                .toList();
    }

    private static StormResult run(long seed, List<String> scenarios) throws InterruptedException {
        return run(seed, scenarios, ResilienceConfig.defaults());
    }

    private static StormResult run(long seed, List<String> scenarios, ResilienceConfig config)
            throws InterruptedException {
        StormOptions options =
                new StormOptions(Form.VIRTUAL_TIME, scenarios, List.of(), seed, 1, CLIENTS, config, List.of(), "");
        return Storms.standard().run(options, (scenario, engine, step, steps) -> {});
    }
}
