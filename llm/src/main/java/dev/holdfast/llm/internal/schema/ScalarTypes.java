// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.internal.schema;

import dev.holdfast.llm.internal.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.Date;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The types whose values are single JSON values, and how those look. */
final class ScalarTypes {
    private record Look(String type, @Nullable String format) {}

    private static final Map<Class<?>, Look> LOOKS = new HashMap<>();

    static {
        all("boolean", null, boolean.class, Boolean.class);
        all("integer", null, byte.class, short.class, int.class, long.class, Byte.class, Short.class, Integer.class);
        all("integer", null, Long.class, BigInteger.class, Year.class);
        all("number", null, float.class, double.class, Float.class, Double.class, BigDecimal.class, Number.class);
        all("string", null, char.class, Character.class, String.class, CharSequence.class);
        all("string", null, byte[].class, char[].class, ZoneId.class, ZoneOffset.class, Currency.class, Locale.class);
        all("string", null, YearMonth.class, MonthDay.class, Period.class);
        all("string", "date", LocalDate.class);
        all("string", "time", OffsetTime.class);
        all("string", "date-time", OffsetDateTime.class, ZonedDateTime.class, Instant.class, Date.class);
        // without an offset they are not what these formats say
        all("string", null, LocalTime.class, LocalDateTime.class);
        all("string", "duration", Duration.class);
        all("string", "uri", URI.class, URL.class);
        all("string", "uuid", UUID.class);
    }

    private ScalarTypes() {}

    private static void all(String type, @Nullable String format, Class<?>... classes) {
        for (Class<?> one : classes) {
            LOOKS.put(one, new Look(type, format));
        }
    }

    /** The schema of such a type; null for another. */
    static @Nullable ObjectNode schema(Class<?> type) {
        Look look = LOOKS.get(type);
        if (look == null) {
            return null;
        }
        ObjectNode schema = Json.object().put("type", look.type());
        return look.format() == null ? schema : schema.put("format", look.format());
    }
}
