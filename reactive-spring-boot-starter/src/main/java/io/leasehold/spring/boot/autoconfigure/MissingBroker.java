package io.leasehold.spring.boot.autoconfigure;

/**
 * A kind of broker whose jar is not on the class path. It has to be known to say which jar is missing.
 *
 * @param name the name of the kind, as in {@code leasehold.broker}
 * @param addressProperty the property below the name that says where the broker is
 * @param artifact the artifact that brings it
 */
record MissingBroker(String name, String addressProperty, String artifact) {}
