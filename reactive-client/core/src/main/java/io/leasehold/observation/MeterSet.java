package io.leasehold.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/**
 * Registers documented meters: names, units, keys and help come from their documentation, the values from the caller.
 * What was registered through a set goes with it.
 */
final class MeterSet {
    private final MeterRegistry registry;
    private final Tags common;
    private final Set<Meter> registered = ConcurrentHashMap.newKeySet();

    /**
     * Makes a set for the meters of a client.
     *
     * @param common what all have, above all which client it is
     */
    MeterSet(MeterRegistry registry, Tags common) {
        this.registry = registry;
        this.common = common;
    }

    /** Makes a set for the meters of a part of the client, which may go before the others. */
    MeterSet part() {
        return new MeterSet(registry, common);
    }

    Counter counter(LeaseholdMeters meter, String... values) {
        return noted(Counter.builder(meter.getName())
                .description(meter.help())
                .tags(tags(meter, values))
                .register(registry));
    }

    Timer timer(LeaseholdMeters meter, String... values) {
        return noted(Timer.builder(meter.getName())
                .description(meter.help())
                .tags(tags(meter, values))
                .register(registry));
    }

    /** Registers a number to be read; whoever registers last is read, so that a client that is built anew is seen. */
    <T> void gauge(LeaseholdMeters meter, T source, ToDoubleFunction<T> read, String... values) {
        Tags tags = tags(meter, values);
        Gauge before = registry.find(meter.getName()).tags(tags).gauge();
        if (before != null) {
            registry.remove(before);
        }

        noted(Gauge.builder(meter.getName(), source, read)
                .description(meter.help())
                .baseUnit(meter.getBaseUnit())
                .tags(tags)
                .register(registry));
    }

    private <M extends Meter> M noted(M meter) {
        registered.add(meter);
        return meter;
    }

    /** Takes all meters of the set out of the registry. */
    void remove() {
        registered.forEach(registry::remove);
        registered.clear();
    }

    private Tags tags(LeaseholdMeters meter, String... values) {
        KeyName[] keys = meter.getKeyNames();
        if (keys.length != values.length + 1) {
            throw new IllegalArgumentException(meter + " has " + (keys.length - 1) + " keys, not " + values.length);
        }

        Tags tags = common;
        for (int i = 0; i < values.length; i++) {
            tags = tags.and(keys[i + 1].asString(), values[i]);
        }

        return tags;
    }
}
