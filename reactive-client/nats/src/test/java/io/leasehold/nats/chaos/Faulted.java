package io.leasehold.nats.chaos;

import io.leasehold.nats.server.Fault;

/** A fault whose begin and end are seen. */
final class Faulted {
    private static final String WHO = "faults";
    private static final String BEGIN = "begin ";
    private static final String STOPPING = "a server is told to stop";

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

    /** Notes that a server is told to stop at this instant, where its fault began with waiting for that. */
    static void stopping(Chronicle chronicle) {
        chronicle.remark(WHO, STOPPING);
    }

    /** Tells whether a server is told to stop at the instant of the fact. */
    static boolean isStop(Fact fact) {
        return fact.who().equals(WHO)
                && (fact.note().equals(STOPPING) || isBegin(fact) && fact.note().endsWith("restarted"));
    }

    static boolean isBegin(Fact fact) {
        return fact.who().equals(WHO)
                && fact.note().startsWith(BEGIN)
                && !fact.note().endsWith("nothing");
    }
}
