// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What differs between two records, for configurations whose every with-method must change one thing and keep the rest. */
public final class Changes {
    private Changes() {}

    /** The components whose values differ, each as {@code name=value of the second}. */
    public static List<String> between(Record before, Record after) {
        List<String> changes = new ArrayList<>();
        try {
            for (RecordComponent component : before.getClass().getRecordComponents()) {
                Object now = component.getAccessor().invoke(after);
                if (!Objects.equals(component.getAccessor().invoke(before), now)) {
                    changes.add(component.getName() + "=" + now);
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
        return changes;
    }
}
