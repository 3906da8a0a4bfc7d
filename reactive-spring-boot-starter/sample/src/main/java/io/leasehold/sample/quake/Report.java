package io.leasehold.sample.quake;

import org.jspecify.annotations.Nullable;

/**
 * Who reported an earthquake, and under which name.
 *
 * @param source the reporting network as it writes itself, such as {@code us} or {@code NC}
 * @param eventId the network's name for the event; {@code null} where it gave none
 */
public record Report(String source, @Nullable String eventId) {}
