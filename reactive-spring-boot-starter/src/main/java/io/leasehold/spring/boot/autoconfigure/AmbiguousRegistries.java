package io.leasehold.spring.boot.autoconfigure;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Stands where a registry would be used if it were clear which of several: the application works without, and is told
 * so once.
 *
 * @param beans their names
 */
record AmbiguousRegistries(List<String> beans) {
    private static final Logger log = LoggerFactory.getLogger(AmbiguousRegistries.class);

    static AmbiguousRegistries of(Class<?> type, ListableBeanFactory beans, String without, String otherwise) {
        List<String> names = List.of(beans.getBeanNamesForType(type));
        log.warn(
                "There are {} beans of type {}: {}; Leasehold has {}. Mark one @Primary, or set {}",
                names.size(),
                type.getSimpleName(),
                String.join(", ", names),
                without,
                otherwise);
        return new AmbiguousRegistries(names);
    }
}
