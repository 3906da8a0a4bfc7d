package io.leasehold.lease;

/** placeholder */
public final class KeptLease {}
