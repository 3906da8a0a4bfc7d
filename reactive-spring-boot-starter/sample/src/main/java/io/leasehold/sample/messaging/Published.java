package io.leasehold.sample.messaging;

/**
 * The broker has a message.
 *
 * @param id the message id
 * @param duplicate whether it had it before
 */
public record Published(String id, boolean duplicate) {}
