package io.leasehold.nats.connection;

/**
 * What outlives a single connection.
 *
 * @param outbound what is to be written
 * @param requests who waits for answers
 * @param subscriptions who listens
 * @param inboxes where we listen
 * @param roundTrip how long an answer takes
 */
record Desk(
        OutboundQueue outbound,
        RequestTable requests,
        SubscriptionTable subscriptions,
        Inboxes inboxes,
        RoundTrip roundTrip) {

    static Desk of(ConnectionSettings settings, ConnectionLoop loop, Runnable onWork) {
        ConnectionSettings.Limits limits = settings.limits();
        Inboxes inboxes = new Inboxes(settings.options().inboxPrefix());
        RoundTrip roundTrip = new RoundTrip();
        return new Desk(
                new OutboundQueue(limits.pendingBytes(), loop, onWork),
                new RequestTable(limits.requests(), inboxes.answers(), loop, roundTrip),
                // One more: the subscription for answers is ours.
                new SubscriptionTable(limits.subscriptions() + 1),
                inboxes,
                roundTrip);
    }
}
