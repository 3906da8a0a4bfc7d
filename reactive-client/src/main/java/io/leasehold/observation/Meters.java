package io.leasehold.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.function.ToDoubleFunction;

/** Registers documented meters: names, units and keys come from their documentation, the values from the caller. */
final class Meters {
    private final MeterRegistry registry;
    private final Tags common;

    Meters(MeterRegistry registry, Tags common) {
        this.registry = registry;
        this.common = common;
    }

    Counter counter(LeaseholdMeters meter, String... values) {
        return registry.counter(meter.getName(), tags(meter, values));
    }

    Timer timer(LeaseholdMeters meter, String... values) {
        return registry.timer(meter.getName(), tags(meter, values));
    }

    /** Reads a number of something; whoever registers last is read, so that a client that is built anew is seen. */
    <T> void gauge(LeaseholdMeters meter, T source, ToDoubleFunction<T> read, String... values) {
        Tags tags = tags(meter, values);
        Gauge before = registry.find(meter.getName()).tags(tags).gauge();
        if (before != null) {
            registry.remove(before);
        }
        Gauge.builder(meter.getName(), source, read)
                .baseUnit(meter.getBaseUnit())
                .tags(tags)
                .register(registry);
    }

    private Tags tags(LeaseholdMeters meter, String... values) {
        KeyName[] keys = meter.getKeyNames();
        if (keys.length != values.length) {
            throw new IllegalArgumentException(meter + " has " + keys.length + " keys, not " + values.length);
        }
        Tags tags = common;
        for (int i = 0; i < keys.length; i++) {
            tags = tags.and(keys[i].asString(), values[i]);
        }
        return tags;
    }
}
