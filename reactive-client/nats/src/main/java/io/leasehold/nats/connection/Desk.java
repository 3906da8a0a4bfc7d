package io.leasehold.nats.connection;

/**
 * What outlives a single connection.
 *
 * @param lane what is to be written
 * @param requests who waits for answers
 * @param subscriptions who listens
 * @param inboxes where we listen
 * @param roundTrip how long an answer takes
 */
record Desk(Lane lane, RequestTable requests, SubscriptionTable subscriptions, Inboxes inboxes, RoundTrip roundTrip) {

    static Desk of(ConnectionSettings settings, Home home, Runnable onWork) {
        ConnectionSettings.Bounds bounds = settings.bounds();
        Inboxes inboxes = new Inboxes(settings.habits().inboxPrefix());
        RoundTrip roundTrip = new RoundTrip();
        return new Desk(
                new Lane(bounds.pendingBytes(), home, onWork),
                new RequestTable(bounds.requests(), inboxes.answers(), home, roundTrip),
                // One more: the subscription for answers is ours.
                new SubscriptionTable(bounds.subscriptions() + 1),
                inboxes,
                roundTrip);
    }
}
