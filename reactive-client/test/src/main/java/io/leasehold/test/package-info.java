/**
 * Tests the handlers of users: what becomes of their work when a lease is lost, a process freezes or an ack comes too
 * late, on a real client and the embedded broker, in virtual time and in milliseconds.
 */
@NullMarked
package io.leasehold.test;

import org.jspecify.annotations.NullMarked;
