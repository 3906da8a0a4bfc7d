/**
 * Real servers for tests: found or fetched ({@link io.leasehold.nats.server.NatsServers}), run alone or as a cluster,
 * killed, frozen and restarted, with a proxy that disturbs what goes to them, and a bare client that shows what they
 * say.
 */
package io.leasehold.nats.server;
