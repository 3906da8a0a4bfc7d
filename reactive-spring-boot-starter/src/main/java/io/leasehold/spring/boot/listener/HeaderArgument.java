package io.leasehold.spring.boot.listener;

import io.leasehold.consume.Delivery;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;

/**
 * One header as an argument. A message that lacks it, or has it in another form, is not for this listener: it fails
 * like one that cannot be decoded, without further tries.
 *
 * @param name the name of the header
 * @param type what its value is converted to
 * @param form how it is handed over
 * @param where the method
 */
record HeaderArgument(String name, Class<?> type, Form form, String where) implements Argument {
    private static final ConversionService CONVERSIONS = ApplicationConversionService.getSharedInstance();

    /** How a header is handed over. */
    enum Form {
        REQUIRED,
        NULLABLE,
        OPTIONAL,
        LIST
    }

    static HeaderArgument of(String name, MethodParameter parameter, ResolvableType type, String where) {
        Class<?> raw = type.resolve(Object.class);
        if (raw == Optional.class || raw == List.class) {
            Form form = raw == List.class ? Form.LIST : Form.OPTIONAL;
            return new HeaderArgument(name, type.getGeneric(0).resolve(String.class), form, where);
        }
        return new HeaderArgument(name, raw, parameter.isOptional() ? Form.NULLABLE : Form.REQUIRED, where);
    }

    @Override
    public @Nullable Object of(Delivery<?> delivery) {
        return switch (form) {
            case LIST ->
                delivery.headers().all(name).stream().map(this::convert).toList();
            case OPTIONAL -> first(delivery);
            case NULLABLE -> first(delivery).orElse(null);
            case REQUIRED -> first(delivery).orElseThrow(() -> refused("lacks the header '" + name + "'", null));
        };
    }

    private Optional<Object> first(Delivery<?> delivery) {
        return delivery.headers().first(name).map(this::convert);
    }

    private Object convert(String value) {
        try {
            Object converted = CONVERSIONS.convert(value, type);
            if (converted != null) {
                return converted;
            }
        } catch (ConversionException wrong) {
            throw refused("has a header '" + name + "' that is no " + type.getSimpleName(), wrong);
        }
        throw refused("has an empty header '" + name + "'", null);
    }

    private MessagingException refused(String what, @Nullable Throwable cause) {
        return new MessagingException(
                ErrorCode.DECODE_FAILED,
                "a message " + what,
                where,
                "look at the dead letter, or make the parameter an Optional",
                cause);
    }
}
