package io.leasehold.nats.chaos;

/** Who is told what was seen. For any thread. */
interface Witness {
    void saw(Fact fact);
}
