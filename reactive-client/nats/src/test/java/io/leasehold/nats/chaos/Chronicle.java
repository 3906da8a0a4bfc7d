package io.leasehold.nats.chaos;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** Everything that was seen in a round. */
final class Chronicle implements Witness {
    private final long begin = System.nanoTime();
    private final Queue<Fact> facts = new ConcurrentLinkedQueue<>();

    @Override
    public void saw(Fact fact) {
        facts.add(fact);
    }

    void remark(String who, String text) {
        saw(Fact.of(who, Fact.What.REMARK, text));
    }

    List<Fact> facts() {
        List<Fact> all = new ArrayList<>(facts);
        all.sort(Comparator.comparingLong(Fact::nanos));
        return all;
    }

    /** The ids of messages that the broker has confirmed. */
    Set<String> confirmed() {
        Set<String> ids = new HashSet<>();
        for (Fact fact : facts) {
            if (fact.what() == Fact.What.CONFIRMED) {
                ids.add(fact.id());
            }
        }
        return ids;
    }

    /** Those of them that a group has not acked. */
    Set<String> notAcked(String group) {
        Set<String> ids = confirmed();
        for (Fact fact : facts) {
            boolean acked = fact.what() == Fact.What.OUTCOME && fact.note().startsWith("ACKED");
            if (acked && fact.group().equals(group)) {
                ids.remove(fact.id());
            }
        }
        return ids;
    }

    /** How many runs of redelivered messages go on at this moment. */
    int heldRedeliveries() {
        Set<String> again = new HashSet<>();
        Set<String> held = new HashSet<>();
        for (Fact fact : facts) {
            String delivery = fact.who() + " " + fact.group() + " " + fact.delivery();
            switch (fact.what()) {
                case HANDED -> {
                    if (fact.count() > 1) {
                        again.add(delivery);
                    }
                }
                case STARTED -> held.add(delivery);
                case COMPLETED, FAILED, CANCELLED -> held.remove(delivery);
                default -> {}
            }
        }
        held.retainAll(again);
        return held.size();
    }

    /** What happened to each message in each group; only the first fact about a delivery has to name the message. */
    Collection<Story> stories() {
        List<Fact> all = facts();
        Map<String, String> ids = new HashMap<>();
        for (Fact fact : all) {
            if (!fact.id().isEmpty() && fact.delivery() > 0) {
                ids.put(fact.group() + " " + fact.delivery(), fact.id());
            }
        }
        Map<String, Story> stories = new HashMap<>();
        for (Fact fact : all) {
            String id = fact.id().isEmpty() ? ids.get(fact.group() + " " + fact.delivery()) : fact.id();
            if (id != null && !fact.group().isEmpty()) {
                stories.computeIfAbsent(fact.group() + " " + id, key -> new Story(fact.group(), id))
                        .add(fact);
            }
        }
        stories.values().forEach(Story::close);
        return stories.values();
    }

    /** All of it, for people. */
    List<String> told() {
        return facts().stream().map(fact -> fact.told(begin)).toList();
    }

    /** A story for people, with what went on around it. */
    String told(Story story) {
        List<Fact> its = new ArrayList<>(story.facts());
        long first = its.isEmpty() ? begin : its.get(0).nanos();
        long last = its.isEmpty() ? Long.MAX_VALUE : its.get(its.size() - 1).nanos();
        for (Fact fact : facts()) {
            boolean around = fact.id().isEmpty() && fact.delivery() == 0;
            boolean published = fact.group().isEmpty() && fact.id().equals(story.id());
            if (published || (around && fact.nanos() >= first && fact.nanos() <= last)) {
                its.add(fact);
            }
        }
        its.sort(Comparator.comparingLong(Fact::nanos));
        return its.stream().map(fact -> "    " + fact.told(begin)).collect(Collectors.joining("\n"));
    }
}
