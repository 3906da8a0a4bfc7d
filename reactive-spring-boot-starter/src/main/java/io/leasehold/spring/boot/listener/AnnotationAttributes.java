package io.leasehold.spring.boot.listener;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.spring.boot.autoconfigure.Refusals;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanExpressionContext;
import org.springframework.beans.factory.config.BeanExpressionResolver;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;

/** The texts of one annotation: placeholders are filled in, expressions evaluated, and the rest converted. */
final class AnnotationAttributes {
    private final ConfigurableBeanFactory beans;
    private final String where;
    private final ConversionService conversions = ApplicationConversionService.getSharedInstance();

    AnnotationAttributes(ConfigurableBeanFactory beans, String where) {
        this.beans = beans;
        this.where = where;
    }

    /** Resolves an attribute; null when nothing is left of it. */
    <V> @Nullable V value(String attribute, String raw, Class<V> type) {
        Object evaluated = evaluate(attribute, raw);
        if (evaluated == null || evaluated.toString().isBlank()) {
            return null;
        }
        if (type == Duration.class && Refusals.lacksUnit(evaluated.toString().strip())) {
            String what = attribute + " '" + evaluated + "' is a number without a unit: " + evaluated + " what?";
            throw bad(what, Refusals.withUnit(evaluated.toString().strip(), type), null);
        }

        try {
            return conversions.convert(evaluated, type);
        } catch (ConversionException wrong) {
            String what = attribute + " '" + evaluated + "' is no " + type.getSimpleName();
            throw bad(what, "write it like " + exampleOf(type), wrong);
        }
    }

    /** Resolves an attribute, of which something must be left. */
    String required(String attribute, String raw) {
        String text = value(attribute, raw, String.class);
        if (text == null) {
            throw bad(attribute + " is empty", "say which " + attribute + " it is", null);
        }
        return text;
    }

    private @Nullable Object evaluate(String attribute, String raw) {
        try {
            String filled = beans.resolveEmbeddedValue(raw);
            if (filled != null && filled.contains("${")) {
                throw new IllegalArgumentException("'" + filled + "' holds a placeholder that nothing fills in");
            }
            BeanExpressionResolver resolver = beans.getBeanExpressionResolver();
            return resolver == null ? filled : resolver.evaluate(filled, new BeanExpressionContext(beans, null));
        } catch (RuntimeException failed) {
            String what = attribute + " cannot be worked out from '" + raw + "': " + failed.getMessage();
            throw bad(what, "define the property, give it a default like ${name:default}, or correct it", failed);
        }
    }

    private static String exampleOf(Class<?> type) {
        return switch (type.getSimpleName()) {
            case "Duration" -> "30s";
            case "Integer" -> "64";
            case "Boolean" -> "true";
            default -> "2016-01-01T00:00:00Z";
        };
    }

    private MessagingException bad(String what, String remedy, @Nullable Throwable cause) {
        return new MessagingException(ErrorCode.BAD_SETTING, what, where, remedy, cause);
    }
}
