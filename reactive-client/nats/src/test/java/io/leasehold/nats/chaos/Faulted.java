package io.leasehold.nats.chaos;

import io.leasehold.nats.server.Fault;

/** A fault whose begin and end are seen. */
final class Faulted {
    private static final String WHO = "faults";
    private static final String BEGIN = "begin ";

    private Faulted() {}

    static Fault seen(Fault fault, Chronicle chronicle) {
        return Fault.of(
                fault.name(),
                random -> {
                    chronicle.remark(WHO, BEGIN + fault.name());
                    fault.begin(random);
                },
                () -> {
                    fault.end();
                    chronicle.remark(WHO, "end " + fault.name());
                });
    }

    static Fault nothing() {
        return Fault.of("nothing", random -> {}, () -> {});
    }

    static boolean isBegin(Fact fact) {
        return fact.who().equals(WHO)
                && fact.note().startsWith(BEGIN)
                && !fact.note().endsWith("nothing");
    }
}
