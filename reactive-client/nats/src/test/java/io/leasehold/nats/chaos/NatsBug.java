package io.leasehold.nats.chaos;

import io.leasehold.nats.server.ServerChoice;
import io.leasehold.planted.Mistake;
import io.leasehold.planted.Mutant;
import java.util.List;

/**
 * Mistakes that somebody could make on the way to a NATS server, each with the test that shows it. They are planted
 * into the text of source files, so that the product needs no hook for them.
 */
enum NatsBug {
    /** As by a thread that is held up between the two. */
    WAITER_REGISTERED_AFTER_THE_WRITE(
            "jetstream.AtOnceIT#anAnswerThatComesAtOnceFindsWhoWaitsForIt",
            Mistake.of(
                    "nats/connection/RequestTable.java",
                    "        slots[slot] = request;\n        request.slot = slot;",
                    "        loop.time().schedule(\n"
                            + "                () -> loop.execute(() -> slots[slot] = request),\n"
                            + "                50, java.util.concurrent.TimeUnit.MILLISECONDS);\n"
                            + "        request.slot = slot;")),
    SUBSCRIPTION_PULLED_AGAIN_BEFORE_ITS_PULL_ENDED(
            "jetstream.AnchorIT#aSubscriptionIsNotPulledAgainWhileItsPullIsOut",
            Mistake.of("nats/jetstream/Pulls.java", "return open == 0 && !retired;", "return !retired;")),
    MOVE_TAKEN_FOR_THE_LAST_WORD(
            "jetstream.AnchorIT#whatComesAfterTheConsumerMovedIsNotCountedFromTheNextPull",
            Mistake.of(
                    "nats/jetstream/Pulls.java",
                    "                retire(pull);\n                port.moved();",
                    "                port.moved();")),
    STATUS_TAKEN_FOR_THE_LAST_WORD(
            "jetstream.AnchorIT#aStatusThatOvertakesDeliveriesDoesNotHaveThemCountedFromTheNextPull",
            Mistake.of("nats/jetstream/Pulls.java", "open = Math.max(0, open - unsent);", "open = 0;")),
    BYTES_OF_AN_OLD_EPOCH_ACCEPTED(
            "connection.OldEpochIT#whatComesBehindTheEndOfAConnectionIsNotHeard",
            Mistake.of(
                    "nats/connection/NatsLink.java",
                    "while (bytes.isReadable() && !isOver()) {",
                    "while (bytes.isReadable()) {",
                    "        if (isUp()) {\n            host.message(this, frame);",
                    "        if (isUp() || isOver()) {\n            host.message(this, frame);"),
            Mistake.of(
                    "nats/connection/ReconnectingConnection.java",
                    "if (from != link || subscription == null) {",
                    "if (subscription == null) {")),
    DEADLINE_ANCHORED_AT_ARRIVAL(
            "jetstream.AnchorIT#aLeaseIsCountedFromItsPullHoweverLateItArrives",
            Mistake.of(
                    "nats/jetstream/Pulls.java",
                    "port.came(message, reply, pull.anchorNanos, now);",
                    "port.came(message, reply, now, now);")),
    /** Nothing goes before bulk either. */
    SETTLEMENT_FORGOTTEN_THAT_FOUND_NO_ROOM(
            "NatsFullIT#isDoneBesideAsManyPublishesAsRequestsMayBeOpen",
            Mistake.of(
                    "nats/jetstream/LeaseRequest.java",
                    "protected final boolean isUrgent() {\n        return true;",
                    "protected final boolean isUrgent() {\n        return false;"),
            Mistake.of("nats/jetstream/Settlements.java", "item.postponed();", "item.isOpen();")),
    SETTLEMENT_WRITTEN_PAST_THE_SEND_DEADLINE(
            "jetstream.SendDeadlineIT#anAckThatCouldNotLeaveBeforeItsDeadlineNeverDoes",
            Mistake.of(
                    "nats/jetstream/Settlements.java",
                    "boolean writes = settlement.tryWrite();",
                    "settlement.tryWrite();\n            boolean writes = true;",
                    "return item().isOpen();\n        }\n\n        @Override\n        boolean opens() {",
                    "return true;\n        }\n\n        @Override\n        boolean opens() {")),
    /** Before 2.11 each server of a cluster tells an instant of its own, which shows when the leader is killed. */
    ANOTHER_LEADER_TAKEN_FOR_ANOTHER_GROUP(
            "jetstream.HostileStreamIT#aLeaderThatTellsAnotherInstantLeadsTheSameGroup",
            Mistake.of(
                    "nats/jetstream/ConsumerLife.java",
                    "return moved > (marked ? SAME_NANOS : DRIFT_NANOS);",
                    "return moved > 0;")),
    /** Before 2.11 a server tells after its restart when it made its replica, at which it was perhaps away. */
    LEADER_WITH_A_YOUNGER_REPLICA_TAKEN_FOR_ANOTHER_GROUP(
            "jetstream.HostileStreamIT#aLeaderWhoseReplicaIsYoungerLeadsTheSameGroup",
            Mistake.of(
                    "nats/jetstream/ConsumerLife.java",
                    "if (created <= earlier.alive - CLOCKS_NANOS) {",
                    "if (created < earlier.created) {")),
    ANOTHER_GROUP_TAKEN_FOR_THE_SAME(
            "jetstream.HostileStreamIT#whatWasMadeAfterTheGroupWasLastSeenIsAnotherOne",
            Mistake.of(
                    "nats/jetstream/ConsumerLife.java",
                    "if (created <= earlier.alive - CLOCKS_NANOS) {",
                    "if (created > earlier.created) {")),
    /** Before 2.11 it changes with a restart, so that a holder's own touches seem to be those of a later holder. */
    TOKENS_COUNTED_FROM_WHEN_THE_SERVER_SAYS_THAT_THE_GROUP_WAS_MADE(
            "NatsGroupLifeIT#aRedeliveryThatIsHeldStaysHeldOverRestarts",
            ServerChoice.OLDEST,
            Mistake.of("nats/jetstream/PullPort.java", "present.number(), delivery", "present.created(), delivery"),
            Mistake.of("nats/jetstream/ConsumerCheck.java", "port.changed(told.in(asked));", "port.changed(told);")),
    NOTHING_TAKEN_FROM_A_SERVER_THAT_IS_ABOUT_TO_GO(
            "jetstream.HostileStreamIT#aServerThatIsAboutToGoIsTakenFromUntilItDoesAlsoWhenItStaysAfterAll",
            Mistake.of(
                    "nats/jetstream/SessionConnection.java",
                    "    @Override\n    public void closed(MessagingException reason) {",
                    "    @Override\n    public void leaving() {\n        ports.forEach(PullPort::stop);\n    }\n\n"
                            + "    @Override\n    public void closed(MessagingException reason) {"));

    private final String test;
    private final ServerChoice servers;
    private final List<Mistake> mistakes;

    NatsBug(String test, Mistake... mistakes) {
        this(test, ServerChoice.ALL, mistakes);
    }

    NatsBug(String test, ServerChoice servers, Mistake... mistakes) {
        this.test = test;
        this.servers = servers;
        this.mistakes = List.of(mistakes);
    }

    /** The class of the test that finds it. */
    String testClass() {
        return "io.leasehold.nats." + test.substring(0, test.indexOf('#'));
    }

    String testMethod() {
        return test.substring(test.indexOf('#') + 1);
    }

    /** Against which servers it shows, where the test is one for each. */
    ServerChoice servers() {
        return servers;
    }

    /** Loads the product with the mistake, and the tests. */
    ClassLoader planted() {
        return new Mutant(mistakes.toArray(Mistake[]::new)).loader();
    }
}
