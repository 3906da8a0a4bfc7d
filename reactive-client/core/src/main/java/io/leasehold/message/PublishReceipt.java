package io.leasehold.message;

/**
 * The broker's word that it has a message.
 *
 * @param id the id under which it was published
 * @param topic the topic it was published to
 * @param sequence the broker's number of it, growing within a topic or stream; 0 where it tells none
 * @param duplicate whether the broker had a message of this id already, and kept only the first; which is this one,
 *     written before, unless the id was given to another one of the same {@linkplain MessageId family of topics}
 */
public record PublishReceipt(MessageId id, String topic, long sequence, boolean duplicate) {}
