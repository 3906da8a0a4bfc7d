/**
 * Clients on NATS while servers, networks and processes break, and an oracle that hears everybody: the handlers, the
 * gate through which settlements leave, and the wire at the servers. {@link io.leasehold.nats.chaos.ChaosRun} runs any
 * amount of it from a seed.
 */
package io.leasehold.nats.chaos;
