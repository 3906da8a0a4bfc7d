package io.leasehold.nats.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Knows which assumptions of the promises did not hold in a round. */
final class Excuses {
    private static final String HERE = "here";
    private static final String FAR = "far";
    private static final long GRAIN_NANOS = Duration.ofMillis(250).toNanos();
    private static final long MOMENT_NANOS = Duration.ofMillis(10).toNanos();
    private static final long RESTART_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long NAK_NANOS = Traffic.LEASE.toNanos() / 4;

    private final List<Fact> stalls;
    private final List<Fact> kills;
    private final List<Fact> stops;
    private final List<Fact> confirmations;
    private final Set<String> writtenForGood;
    private final boolean isolated;
    private final long healed;

    /** @param isolated whether a leader is cut off together with some of the clients */
    Excuses(Chronicle chronicle, boolean isolated) {
        this.stalls = chronicle.facts().stream()
                .filter(fact -> fact.what() == Fact.What.STALLED)
                .toList();
        this.kills = chronicle.facts().stream()
                .filter(fact -> Faulted.isBegin(fact) && fact.note().endsWith("killed"))
                .toList();
        this.stops = chronicle.facts().stream().filter(Faulted::isStop).toList();
        this.confirmations = chronicle.facts().stream()
                .filter(fact -> fact.what() == Fact.What.CONFIRMED)
                .toList();
        this.writtenForGood = chronicle.facts().stream()
                .filter(fact -> fact.what() == Fact.What.WRITTEN && isForGood(fact))
                .map(written -> written.group() + " " + written.delivery())
                .collect(Collectors.toSet());
        this.isolated = isolated;
        // It is told when the cluster is whole again; what has no end went on to the end of the round.
        this.healed = chronicle.facts().stream()
                .filter(fact -> fact.what() == Fact.What.REMARK && fact.note().endsWith(" isolated"))
                .reduce((former, later) -> later)
                .map(last -> Faulted.isBegin(last) ? Long.MAX_VALUE : last.nanos())
                .orElse(Long.MIN_VALUE);
    }

    static String processOf(String who) {
        return who.startsWith(FAR) ? who : HERE;
    }

    /** Why a run could begin before another one had ended; empty when nothing excuses it. */
    String ofOverlap(Story story, SeenRun earlier, SeenRun later) {
        if (isolated) {
            return "a leader was cut off with its clients";
        }
        return stalled(earlier, later)
                .or(() -> heldNak(story, later))
                .or(() -> handedOutEarly(story, Math.min(earlier.delivery(), later.delivery())))
                .orElse("");
    }

    String ofStale(Story story, Fact written) {
        if (isolated) {
            return "a leader was cut off with its clients";
        }
        return handedOutEarly(story, written.delivery())
                .or(() -> stoppedInTheMidst(story, written))
                .orElse("");
    }

    // The gate had looked at the clock, and the process stood still before it was seen that it let the bytes pass: its
    // work had ended just before the standstill, and the write is told just after it.
    private Optional<String> stoppedInTheMidst(Story story, Fact written) {
        return stalls.stream()
                .filter(stall -> stall.who().equals(processOf(written.who())))
                .filter(stall -> isWithin(written.nanos() - stall.nanos(), MOMENT_NANOS))
                .filter(stall -> story.all(Fact.What.COMPLETED)
                        .filter(ended -> ended.delivery() == written.delivery())
                        .filter(ended -> ended.who().equals(written.who()))
                        .anyMatch(ended -> isWithin(stall.more() + MOMENT_NANOS - ended.nanos(), 2 * MOMENT_NANOS)))
                .findFirst()
                .map(stall -> "the process stood still within the gate " + stall.note());
    }

    private static boolean isWithin(long nanos, long most) {
        return nanos >= 0 && nanos <= most;
    }

    /**
     * Why the server may have nothing left of a message that it had confirmed: a leader that was cut off took part in
     * what the others know nothing of (seen of 2.9). What was confirmed when all were together again for good is not
     * excused by that; nor is what nobody ever had, which may never have been stored, nor what somebody settled for
     * good, by the gate or past it.
     *
     * @param had whether the message is stored, or was handed out
     */
    String ofLoss(Story story, boolean had) {
        boolean settled = story.all(Fact.What.WRITTEN).anyMatch(Excuses::isForGood)
                || story.all(Fact.What.REACHED).filter(Excuses::isForGood).anyMatch(this::isPastTheGate);
        return had && !settled && isConfirmedBeforeTheLastHealing(story)
                ? "a leader was cut off, and the servers forgot what nobody had settled"
                : "";
    }

    private static boolean isForGood(Fact settled) {
        return Stream.of("NAK", "-NAK", "+WPI").noneMatch(settled.note()::startsWith);
    }

    // Servers that forgot give a number again, to another message: it may be of that one.
    private boolean isPastTheGate(Fact reached) {
        return !writtenForGood.contains(reached.group() + " " + reached.delivery());
    }

    private boolean isConfirmedBeforeTheLastHealing(Story story) {
        return confirmations.stream()
                .filter(confirmed -> confirmed.id().equals(story.id()))
                .anyMatch(confirmed -> isolated && confirmed.nanos() < healed);
    }

    /**
     * Why a lease may be counted from later than its grant: a leader that was cut off and its successor both serve one
     * pull. When the one has sent what was asked for, the client asks again, and what comes of the other is taken for
     * an answer to that; its subject is that of its message, so that nothing tells.
     */
    String ofLateAnchor() {
        return isolated ? "a leader was cut off with its clients" : "";
    }

    /** Why a lease may end without a reason that anybody can see. */
    String ofNothing() {
        return isolated ? "a leader was cut off with its clients" : "";
    }

    // Its end came with or soon after the end of a standstill, which was long enough to explain the overlap.
    private Optional<String> stalled(SeenRun earlier, SeenRun later) {
        long end = earlier.ended() == null
                ? Long.MAX_VALUE - GRAIN_NANOS
                : earlier.ended().nanos();
        long overlap = end - later.started().nanos();
        return stalls.stream()
                .filter(stall -> stall.who().equals(processOf(earlier.who())))
                .filter(stall -> stall.more() <= end && stall.nanos() >= end - GRAIN_NANOS)
                .filter(stall -> stall.nanos() - stall.more() + GRAIN_NANOS >= overlap)
                .findFirst()
                .map(stall -> "the process stood still " + stall.note());
    }

    private Optional<String> heldNak(Story story, SeenRun later) {
        return story.all(Fact.What.REACHED)
                .filter(reached -> reached.note().startsWith("-NAK"))
                .filter(reached -> reached.nanos() < later.started().nanos())
                .flatMap(reached -> written(story, reached.delivery())
                        .filter(written -> reached.nanos() - written.nanos() > NAK_NANOS))
                .findFirst()
                .map(written -> "nak of " + written.delivery() + " was under way for longer than T/4");
    }

    private static Stream<Fact> written(Story story, long delivery) {
        return story.all(Fact.What.WRITTEN)
                .filter(written ->
                        written.delivery() == delivery && written.note().startsWith("NAK"));
    }

    // When a server comes back, or another one leads, it knows of the last deliveries nothing, and of others only when
    // their messages were stored: until it has answered a touch.
    private Optional<String> handedOutEarly(Story story, long delivery) {
        if (isServedAgain(story, delivery)) {
            return forgot(delivery);
        }
        Optional<Fact> first = story.served(delivery);
        Optional<Fact> next = story.servedAfter(delivery);
        if (next.isPresent() && isCountedAgain(story, delivery, next.get())) {
            return forgot(delivery);
        }
        if (first.isEmpty() || next.isEmpty()) {
            return Optional.empty();
        }
        if (next.get().count() <= first.get().count()) {
            return forgot(delivery);
        }
        List<Fact> touches = story.all(Fact.What.TOUCHED)
                .filter(answered -> answered.delivery() == delivery)
                .filter(answered -> answered.nanos() < next.get().nanos())
                .toList();
        Fact granted = touches.isEmpty() ? first.get() : touches.get(touches.size() - 1);
        boolean early = next.get().nanos() - granted.nanos() < Traffic.LEASE.toNanos() - RESTART_NANOS;
        if (early && isForgotten(granted)) {
            return forgot(delivery);
        }
        return early && (touches.isEmpty() || isTouchedAfterAKillAlone(first.get(), touches.get(0)))
                ? Optional.of("the server counted lease " + delivery + " from when the message was stored")
                : Optional.empty();
    }

    // One that ends in the moment of a handout may have told its holder alone, and counts anew what it forgot.
    private static boolean isCountedAgain(Story story, long delivery, Fact next) {
        return story.handed(delivery)
                .filter(handed -> next.count() <= handed.count())
                .isPresent();
    }

    // What was due when it came back waits to be handed out, and no touch changes that. It is to be touched within
    // 100 ms of its receipt, so that only one that was killed within these comes to it.
    private boolean isTouchedAfterAKillAlone(Fact served, Fact touched) {
        return kills.stream()
                .filter(kill -> isWithin(kill.nanos() - served.nanos(), GRAIN_NANOS))
                .anyMatch(kill -> kill.nanos() < touched.nanos());
    }

    // One that is killed has not written down what it did last: seen are 100 ms. One that is told to stop goes on
    // answering for a moment, and comes back without that: seen are 54 ms, of 2.10.
    private boolean isForgotten(Fact fact) {
        return kills.stream().anyMatch(kill -> isWithin(kill.nanos() - fact.nanos(), GRAIN_NANOS))
                || stops.stream().anyMatch(stop -> isWithin(fact.nanos() - stop.nanos(), GRAIN_NANOS));
    }

    private static Optional<String> forgot(long delivery) {
        return Optional.of("the server forgot that it had handed out " + delivery + ", or lent it for longer");
    }

    // Its number went to another delivery, perhaps of the same message: one server is heard to serve it twice.
    private static boolean isServedAgain(Story story, long delivery) {
        List<String> servers = story.all(Fact.What.SERVED)
                .filter(served -> served.delivery() == delivery)
                .map(Fact::who)
                .toList();
        return servers.stream().distinct().count() < servers.size();
    }
}
