/** A real NATS server for tests of the starter and of the sample. */
package io.leasehold.spring.boot.server;
