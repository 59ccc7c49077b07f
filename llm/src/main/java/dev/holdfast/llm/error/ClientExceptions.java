// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the response out of exceptions of client libraries by the names of their public methods, so that no library is
 * needed to compile: OpenAI and Anthropic SDKs, LangChain4j, Spring's RestClient and WebClient, AWS and Azure SDKs, Google's
 * SDK, Retrofit, gRPC. What a class offers is looked up once.
 */
final class ClientExceptions {
    private static final String[] STATUS = {
        "statusCode", "getStatusCode", "getRawStatusCode", "code", "getCode", "getHttpStatusCode", "getStatus"
    };
    private static final String[] BODY = {
        "body", "getResponseBodyAsString", "responseBody", "getResponseBody", "getBody"
    };
    private static final String[] HEADERS = {"headers", "getResponseHeaders", "getHeaders"};
    private static final String[] CODES = {
        "type", "code", "errorType", "errorCode", "getErrorCode", "status", "getStatus"
    };
    private static final String[] INNER = {"awsErrorDetails", "sdkHttpResponse", "getResponse", "response", "getValue"};

    /** How header objects that are no maps give one: Spring, OkHttp, the JDK, others. */
    private static final String[] MAP_VIEWS = {"asMultiValueMap", "asMap", "toMultimap", "map", "toMap"};

    private static final ClassValue<Accessors> ACCESSORS = new ClassValue<>() {
        @Override
        protected Accessors computeValue(Class<?> type) {
            return new Accessors(type);
        }
    };

    /** No-argument public methods that a class has, by the role they play here. */
    private static final class Accessors {
        final List<MethodHandle> status;
        final List<MethodHandle> body;
        final List<MethodHandle> headers;
        final List<MethodHandle> codes;
        final List<MethodHandle> inner;

        Accessors(Class<?> type) {
            boolean plain = type.getName().startsWith("java.");
            status = plain ? List.of() : handles(type, STATUS);
            body = plain ? List.of() : handles(type, BODY);
            headers = plain ? List.of() : handles(type, HEADERS);
            codes = plain ? List.of() : handles(type, CODES);
            inner = plain ? List.of() : handles(type, INNER);
        }
    }

    private ClientExceptions() {}

    /** The input with the exception's status, headers and body where it does not have its own yet. */
    static ErrorInput withResponse(ErrorInput known, Throwable thrown, ErrorFields fields) {
        Accessors accessors = ACCESSORS.get(thrown.getClass());
        ErrorInput result = merged(known, thrown, accessors, fields);
        for (MethodHandle handle : accessors.inner) {
            Object inner = unwrapped(call(handle, thrown));
            if (inner != null && !(inner instanceof Throwable)) {
                result = merged(result, inner, ACCESSORS.get(inner.getClass()), fields);
            }
        }
        return result;
    }

    private static ErrorInput merged(ErrorInput known, Object source, Accessors accessors, ErrorFields fields) {
        int status = known.status() != 0 ? known.status() : statusOf(source, accessors);
        for (MethodHandle handle : accessors.codes) {
            String code = codeOf(unwrapped(call(handle, source)));
            if (code != null) {
                fields.addCode(code);
            }
        }
        Map<String, List<String>> headers = known.headers().isEmpty() ? headersOf(source, accessors) : known.headers();
        String body = known.body().isEmpty() ? bodyOf(source, accessors) : known.body();
        if (status == known.status() && headers.isEmpty() && body.isEmpty()) {
            return known;
        }
        return new ErrorInput(
                known.provider(),
                known.transport(),
                status,
                headers,
                body,
                known.contentSeen(),
                known.exception(),
                known.exceptionText());
    }

    private static int statusOf(Object source, Accessors accessors) {
        for (MethodHandle handle : accessors.status) {
            Object value = unwrapped(call(handle, source));
            if (value != null && !(value instanceof Number)) {
                value = callNamed(value, "value");
            }
            if (value instanceof Number number && number.intValue() >= 100 && number.intValue() <= 599) {
                return number.intValue();
            }
        }
        return 0;
    }

    /** A code as a word: a string, an enum, or a gRPC status that has one. */
    private static @Nullable String codeOf(@Nullable Object value) {
        if (value == null || value instanceof Number) {
            return null;
        }
        Object inner = value instanceof String || value instanceof Enum<?> ? value : named(value);
        if (inner instanceof Enum<?> constant) {
            return constant.name();
        }
        return inner instanceof String word && !word.isBlank() && word.indexOf(' ') < 0 && word.length() <= 80
                ? word
                : null;
    }

    private static @Nullable Object named(Object value) {
        Object grpcCode = callNamed(value, "getCode");
        return grpcCode != null ? grpcCode : callNamed(value, "asString");
    }

    private static String bodyOf(Object source, Accessors accessors) {
        for (MethodHandle handle : accessors.body) {
            Object value = unwrapped(call(handle, source));
            if (value instanceof CharSequence text) {
                return text.toString();
            }
            if (value != null) {
                Object plain = JsonValues.plain(value);
                if (plain != null) {
                    return ErrorReader.Lenient.JSON.writeValueAsString(plain);
                }
            }
        }
        return "";
    }

    private static Map<String, List<String>> headersOf(Object source, Accessors accessors) {
        for (MethodHandle handle : accessors.headers) {
            Object value = unwrapped(call(handle, source));
            Map<String, List<String>> headers = value == null ? Map.of() : headerMap(value);
            if (!headers.isEmpty()) {
                return headers;
            }
        }
        return Map.of();
    }

    private static Map<String, List<String>> headerMap(Object source) {
        Object map = source;
        for (String name : MAP_VIEWS) {
            Object view = map instanceof Map ? null : callNamed(source, name);
            if (view != null) {
                map = view;
            }
        }
        Map<String, List<String>> headers = new HashMap<>();
        if (map instanceof Map<?, ?> entries) {
            entries.forEach((name, value) -> headers.put(String.valueOf(name), strings(value)));
        } else if (callNamed(source, "names") instanceof Iterable<?> names) {
            names.forEach(name -> headers.put(String.valueOf(name), strings(callWith(source, "values", name))));
        }
        return headers;
    }

    private static List<String> strings(@Nullable Object value) {
        List<String> strings = new ArrayList<>();
        if (value instanceof Iterable<?> several) {
            several.forEach(one -> strings.add(String.valueOf(one)));
        } else if (value != null) {
            strings.add(value.toString());
        }
        return strings;
    }

    private static @Nullable Object unwrapped(@Nullable Object value) {
        return value instanceof Optional<?> optional ? optional.orElse(null) : value;
    }

    private static List<MethodHandle> handles(Class<?> type, String[] names) {
        List<MethodHandle> handles = new ArrayList<>(2);
        for (String name : names) {
            MethodHandle handle = handle(type, name);
            if (handle != null) {
                handles.add(handle);
            }
        }
        return handles;
    }

    private static @Nullable MethodHandle handle(Class<?> type, String name) {
        try {
            Method method = type.getMethod(name);
            return method.getReturnType() == void.class
                    ? null
                    : MethodHandles.publicLookup().unreflect(method);
        } catch (ReflectiveOperationException | LinkageError absent) {
            return null;
        }
    }

    private static @Nullable Object callNamed(Object source, String name) {
        MethodHandle handle = handle(source.getClass(), name);
        return handle == null ? null : unwrapped(call(handle, source));
    }

    private static @Nullable Object callWith(Object source, String name, @Nullable Object argument) {
        try {
            return source.getClass().getMethod(name, String.class).invoke(source, argument);
        } catch (ReflectiveOperationException | RuntimeException absent) {
            return null;
        }
    }

    /** Foreign code: whatever it throws means that it has nothing to say. */
    private static @Nullable Object call(MethodHandle handle, Object source) {
        try {
            return handle.invoke(source);
        } catch (Throwable broken) {
            return null;
        }
    }
}
