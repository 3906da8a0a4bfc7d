package io.leasehold.nats.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Everything about one message in one group, in order. */
final class Story {
    private final String group;
    private final String id;
    private final List<Fact> facts = new ArrayList<>();

    Story(String group, String id) {
        this.group = group;
        this.id = id;
    }

    void add(Fact fact) {
        facts.add(fact);
    }

    void close() {
        facts.sort(Comparator.comparingLong(Fact::nanos));
    }

    String group() {
        return group;
    }

    String id() {
        return id;
    }

    List<Fact> facts() {
        return facts;
    }

    Stream<Fact> all(Fact.What what) {
        return facts.stream().filter(fact -> fact.what() == what);
    }

    boolean isAcked() {
        return all(Fact.What.OUTCOME).anyMatch(outcome -> outcome.note().startsWith("ACKED"));
    }

    /** Some handler began with it. */
    boolean isBegun() {
        return all(Fact.What.STARTED).findAny().isPresent();
    }

    /** A server had it, and somebody got it. */
    boolean isHandedOut() {
        return facts.stream().anyMatch(fact -> fact.what() == Fact.What.SERVED || fact.what() == Fact.What.HANDED);
    }

    /** Somebody did the work, or said so by an ack of its own. */
    boolean isDone() {
        return facts.stream()
                .anyMatch(fact -> fact.what() == Fact.What.COMPLETED
                        || (fact.what() == Fact.What.WRITTEN && fact.note().startsWith("ACK")));
    }

    /** In the order of their beginnings. */
    List<SeenRun> runs() {
        List<SeenRun> runs = new ArrayList<>();
        for (Fact fact : facts) {
            switch (fact.what()) {
                case STARTED -> runs.add(new SeenRun(fact));
                case COMPLETED, FAILED, CANCELLED ->
                    of(runs, fact).filter(run -> run.ended() == null).ifPresent(run -> run.endedWith(fact));
                default -> {}
            }
        }
        all(Fact.What.LOST).forEach(lost -> of(runs, lost).ifPresent(run -> run.lostWith(lost)));
        return runs;
    }

    private static Optional<SeenRun> of(List<SeenRun> runs, Fact fact) {
        return runs.stream()
                .filter(run -> run.delivery() == fact.delivery() && run.who().equals(fact.who()))
                .findFirst();
    }

    /** When the server handed out a delivery of it, as the first of those who heard it tells. */
    Optional<Fact> served(long delivery) {
        return all(Fact.What.SERVED).filter(fact -> fact.delivery() == delivery).findFirst();
    }

    /** When its holder was handed a delivery of it, which may be all that is heard of it. */
    Optional<Fact> handed(long delivery) {
        return all(Fact.What.HANDED).filter(fact -> fact.delivery() == delivery).findFirst();
    }

    /** When the server handed out a later one. */
    Optional<Fact> servedAfter(long delivery) {
        return all(Fact.What.SERVED).filter(fact -> fact.delivery() > delivery).findFirst();
    }
}
