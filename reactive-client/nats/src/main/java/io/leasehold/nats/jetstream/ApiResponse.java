package io.leasehold.nats.jetstream;

import io.leasehold.nats.protocol.Json;
import io.leasehold.nats.protocol.MessageFrame;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds what the JetStream API said: fields, or an error. See ADR-2 of the NATS architecture. */
final class ApiResponse {
    private static final int NAME_MAX = 50_000;

    /** What nobody said: no field and no error is in it. */
    static final ApiResponse SILENCE = new ApiResponse(Map.of("error", Map.of()));

    private static final Json JSON = new Json(new Json.Bounds(32, 40, NAME_MAX, false), JetStreamErrors::malformed);

    private final Map<String, Object> fields;

    private ApiResponse(Map<String, Object> fields) {
        this.fields = fields;
    }

    static ApiResponse of(MessageFrame frame) {
        return new ApiResponse(JSON.read(frame.body(), any -> true));
    }

    /** Returns a part of it; empty where there is none. */
    ApiResponse part(String name) {
        return new ApiResponse(asObject(fields.get(name)));
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    boolean isError() {
        return has("error");
    }

    /** Returns the code of its error as in the list of JetStream's errors; 0 without one. */
    int errorCode() {
        return (int) part("error").number("err_code", 0);
    }

    /** Returns the error as an exception of ours. */
    RuntimeException error(String where) {
        ApiResponse error = part("error");
        return ApiErrors.of((int) error.number("code", 500), errorCode(), error.text("description"), where);
    }

    String text(String name) {
        return fields.get(name) instanceof String text ? text : "";
    }

    long number(String name, long otherwise) {
        return fields.get(name) instanceof Long number ? number : otherwise;
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    List<String> texts(String name) {
        return fields.get(name) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    List<Long> numbers(String name) {
        return fields.get(name) instanceof List<?> list
                ? list.stream()
                        .filter(Long.class::isInstance)
                        .map(Long.class::cast)
                        .toList()
                : List.of();
    }

    /** Returns all fields. */
    Map<String, Object> fields() {
        return fields;
    }

    @Nullable
    Object field(String name) {
        return fields.get(name);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asObject(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }
}
