// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The counter under an admission: how a limit is dealt out, and that no share exceeds it. */
class SlotsTest {
    @ParameterizedTest
    @CsvSource({"0,1", "1,1", "10,4", "3,4", "9,8", "64,8"})
    void sharesAddUpToTheLimitWhereverOneBegins(int limit, int stripes) {
        for (int first = 0; first < stripes; first++) {
            Slots slots = new Slots(stripes);
            slots.open(limit, first);

            for (int i = 0; i < limit; i++) {
                assertThat(slots.tryEnter(first + i)).isNotEqualTo(Admission.FULL);
            }

            assertThat(slots.tryEnter(first)).isEqualTo(Admission.FULL);
            assertThat(slots.used()).isEqualTo(limit);
        }
    }

    @Test
    void eachStripeHasAnEqualPartAndTheRestBeginsAtTheFirst() {
        Slots slots = new Slots(4);

        slots.open(6, 3);

        int[] parts = new int[4];
        for (int stripe = 0; stripe < 4; stripe++) {
            while (slots.tryEnter(stripe) == stripe) {
                parts[stripe]++;
            }
            // The one beside it has paid for the last question.
            slots.leave((stripe + 1) & 3);
        }
        assertThat(parts).containsExactly(2, 1, 1, 2);
    }

    @Test
    void whatIsTakenIsNoPartOfWhatIsDealtOut() {
        Slots slots = new Slots(2);
        slots.open(6, 0);
        slots.tryEnter(0);
        slots.tryEnter(0);
        slots.tryEnter(0);

        slots.close();
        slots.open(5, 0);

        assertThat(slots.tryEnter(0)).isZero();
        assertThat(slots.tryEnter(1)).isEqualTo(1);
        assertThat(slots.tryEnter(1)).isEqualTo(Admission.FULL);
        assertThat(slots.used()).isEqualTo(5);
    }

    @Test
    void whileClosedNobodyEntersAndWhoIsInStaysIn() {
        Slots slots = new Slots(2);
        slots.open(4, 0);
        int slot = slots.tryEnter(1);

        slots.close();

        assertThat(slots.tryEnter(0)).isEqualTo(Admission.FULL);
        assertThat(slots.used()).isEqualTo(1);
        slots.leave(slot);
        assertThat(slots.used()).isZero();
        slots.enter(1);
        assertThat(slots.used()).as("past the shares").isEqualTo(1);
    }

    @Test
    void limitBelowWhatIsTakenDealsOutNothing() {
        Slots slots = new Slots(2);
        slots.open(4, 0);
        for (int i = 0; i < 4; i++) {
            slots.tryEnter(i);
        }
        slots.close();

        slots.open(3, 0);
        slots.leave(0);

        assertThat(slots.tryEnter(0)).isEqualTo(Admission.FULL);
        assertThat(slots.used()).isEqualTo(3);
    }

    @Test
    void peakIsTheMostSinceItWasAskedForLast() {
        Slots slots = new Slots(2);
        slots.open(10, 0);
        slots.tryEnter(0);
        slots.tryEnter(0);
        slots.tryEnter(1);
        slots.leave(0);

        assertThat(slots.takePeak()).isEqualTo(3);
        assertThat(slots.takePeak()).as("of what is in flight").isEqualTo(2);
        slots.close();
        slots.enter(1);
        slots.leave(1);
        assertThat(slots.takePeak()).as("past the shares too").isEqualTo(3);
    }

    @Test
    void slotThatNobodyHoldsCannotBeGivenBack() {
        Slots slots = new Slots(2);
        slots.open(2, 0);
        slots.tryEnter(0);

        assertThatThrownBy(() -> slots.leave(1)).isInstanceOf(IllegalStateException.class);

        assertThat(slots.used()).isEqualTo(1);
    }

    @Test
    void thereAreAsManyStripesAsCoresInPowersOfTwoUpToEight() {
        int cores = Runtime.getRuntime().availableProcessors();

        assertThat(Slots.stripesHere()).isBetween(Math.min(8, cores), 8).isLessThanOrEqualTo(2 * cores);
        assertThat(Integer.bitCount(Slots.stripesHere())).isEqualTo(1);
    }
}
