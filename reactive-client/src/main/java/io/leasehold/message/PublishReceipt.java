package io.leasehold.message;

/**
 * The broker's word that it has a message.
 *
 * @param id the id under which it was published
 * @param topic the topic it was published to
 * @param sequence the broker's number of it, growing within a topic or stream
 * @param duplicate whether the broker had a message of this id already, and kept only the first
 */
public record PublishReceipt(MessageId id, String topic, long sequence, boolean duplicate) {}
