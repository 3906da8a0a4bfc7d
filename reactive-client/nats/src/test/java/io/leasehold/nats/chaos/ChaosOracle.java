package io.leasehold.nats.chaos;

import io.leasehold.nats.chaos.Verdict.Kind;
import io.leasehold.nats.chaos.Verdict.Violation;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Judges a round by what was seen.
 *
 * <ul>
 *   <li>lost: a confirmed message that a group neither completed nor acked, or acked without having begun with it;
 *   <li>duplicated: an id that is stored twice; a run that starts while another one of its message and group goes on;
 *   <li>stale: a settlement that passed its gate after the server had handed the message to somebody else;
 *   <li>stuck: a consumer that ended by itself; taken for deleted: its group, which nobody deletes here;
 *   <li>ended for nothing: a lease that was lost to a later delivery, when nobody had been handed one;
 *   <li>anchored late: a lease that is counted from later than its grant, which the wire tells.
 * </ul>
 *
 * <p>Where an assumption of the promises did not hold, the violation is reported apart and names it.
 */
final class ChaosOracle {
    private static final long GRAIN_NANOS = Duration.ofMillis(100).toNanos();

    private final Chronicle chronicle;
    private final StoredMessages stored;
    private final Excuses excuses;
    private final Verdict verdict = new Verdict();

    ChaosOracle(Chronicle chronicle, StoredMessages stored, Excuses excuses) {
        this.chronicle = chronicle;
        this.stored = stored;
        this.excuses = excuses;
    }

    Verdict judge() {
        lookForLost(chronicle.stories());
        lookForIdsStoredTwice();
        return judgeRuns();
    }

    /** Judges what needs no end in order: whatever happens next, this would have to be so already. */
    Verdict judgeRuns() {
        Collection<Story> stories = chronicle.stories();
        count(stories);
        lookForFaults();
        lookForEnds();
        for (Story story : stories) {
            lookAtRuns(story);
            lookForStale(story);
            lookForLateAnchors(story);
            lookForEndsForNothing(story);
        }
        return verdict;
    }

    private void count(Collection<Story> stories) {
        List<Fact> facts = chronicle.facts();
        long unknown = facts.stream().filter(ChaosOracle::isUnknown).count();
        long faults = facts.stream().filter(fact -> Faulted.isBegin(fact)).count();
        verdict.counts(
                chronicle.confirmed().size(),
                stories.stream().filter(Story::isAcked).count(),
                unknown,
                faults);
    }

    private static boolean isUnknown(Fact fact) {
        return (fact.what() == Fact.What.UNCONFIRMED && fact.note().contains("unknown"))
                || (fact.what() == Fact.What.OUTCOME && fact.note().startsWith("UNKNOWN"));
    }

    // Acked with an answer; or the server has nothing left of the group, and the work was done. Work was begun at
    // least.
    private void lookForLost(Collection<Story> stories) {
        Set<String> handedOut =
                stories.stream().filter(Story::isHandedOut).map(Story::id).collect(Collectors.toSet());
        Map<String, Story> byName = new HashMap<>();
        stories.forEach(story -> byName.put(story.group() + " " + story.id(), story));
        for (String group : Traffic.GROUPS) {
            boolean finished = stored.unfinished().getOrDefault(group, 1L) == 0;
            for (String id : chronicle.confirmed()) {
                Story story = byName.getOrDefault(group + " " + id, new Story(group, id));
                boolean handled = story.isAcked() || (finished && story.isDone());
                if (!handled || !story.isBegun()) {
                    boolean kept = stored.ids().contains(id);
                    boolean had = kept || handedOut.contains(id);
                    String excuse = finished || !kept ? excuses.ofLoss(story, had) : "";
                    found(Kind.LOST, story, id + " was confirmed and not handled by " + group, excuse);
                }
            }
        }
    }

    private void lookForIdsStoredTwice() {
        Set<String> once = new HashSet<>();
        for (String id : stored.ids()) {
            if (!once.add(id)) {
                found(Kind.DUPLICATED, new Story("", id), id + " is stored twice", "");
            }
        }
    }

    private void lookForFaults() {
        chronicle.facts().stream()
                .filter(fact -> fact.what() == Fact.What.REMARK && fact.note().startsWith("FAULT "))
                .forEach(fact -> verdict.found(new Violation(Kind.FAULT, fact.who() + " " + fact.note(), "", "")));
    }

    // It is subscribed again at once, so that everything goes on: users would not do that.
    private void lookForEnds() {
        chronicle.facts().stream()
                .filter(fact -> fact.what() == Fact.What.REMARK && fact.note().contains(Member.ENDED))
                .forEach(fact -> verdict.found(new Violation(Kind.STUCK, fact.who() + " " + fact.note(), "", "")));
        chronicle.facts().stream()
                .filter(fact -> fact.what() == Fact.What.REMARK && fact.note().startsWith("GROUP_DELETED "))
                .forEach(fact ->
                        verdict.found(new Violation(Kind.TAKEN_FOR_DELETED, fact.who() + " " + fact.note(), "", "")));
    }

    private void lookAtRuns(Story story) {
        List<SeenRun> runs = story.runs();
        for (int i = 1; i < runs.size(); i++) {
            SeenRun later = runs.get(i);
            for (SeenRun earlier : runs.subList(0, i)) {
                if (earlier.goesOnAt(later.started().nanos())) {
                    String excuse = excuses.ofOverlap(story, earlier, later);
                    String what = "run " + later.delivery() + " started while run " + earlier.delivery() + " went on";
                    found(Kind.DUPLICATED, story, what, excuse);
                } else if (earlier.isOrphaned() && earlier == runs.get(i - 1)) {
                    verdict.gap(later.started().nanos() - earlier.ended().nanos());
                }
            }
        }
    }

    private void lookForStale(Story story) {
        story.all(Fact.What.WRITTEN)
                .forEach(written -> story.servedAfter(written.delivery())
                        .filter(served -> served.nanos() < written.nanos())
                        .ifPresent(served -> found(
                                Kind.STALE,
                                story,
                                written.note() + " of " + written.delivery() + " was written after "
                                        + served.delivery(),
                                excuses.ofStale(story, written))));
    }

    // A touch that was confirmed is an anchor too, and the wire tells of it, to us a little later than to the server.
    private void lookForLateAnchors(Story story) {
        story.all(Fact.What.HANDED)
                .filter(handed -> isServedBefore(story, handed))
                .filter(handed -> story.all(Fact.What.REACHED)
                        .filter(reached -> reached.delivery() == handed.delivery())
                        .noneMatch(reached -> reached.note().startsWith("+WPI")
                                && reached.nanos() > handed.more()
                                && reached.nanos() < handed.nanos() + GRAIN_NANOS))
                .forEach(handed ->
                        found(Kind.ANCHORED_LATE, story, "delivery " + handed.delivery(), excuses.ofLateAnchor()));
    }

    // A server that forgot gives a number again, to the same message perhaps: where it was heard before it is heard
    // again, but by those that have been killed.
    private static boolean isServedBefore(Story story, Fact handed) {
        Set<String> before = new HashSet<>();
        Set<String> after = new HashSet<>();
        story.all(Fact.What.SERVED)
                .filter(served -> served.delivery() == handed.delivery())
                .filter(served -> served.nanos() < handed.nanos() + GRAIN_NANOS)
                .forEach(served -> (served.nanos() < handed.more() ? before : after).add(served.who()));
        return !before.isEmpty() && Collections.disjoint(before, after);
    }

    private void lookForEndsForNothing(Story story) {
        story.all(Fact.What.LOST)
                .filter(lost -> lost.note().equals("SUPERSEDED"))
                .filter(lost -> isNextServedLater(story, lost))
                .forEach(lost -> found(
                        Kind.ENDED_FOR_NOTHING,
                        story,
                        "delivery " + lost.delivery() + " ended, and there was no later one",
                        excuses.ofNothing()));
    }

    // The counts tell that none was missed in between.
    private static boolean isNextServedLater(Story story, Fact lost) {
        List<Fact> deliveries = story.facts().stream()
                .filter(fact -> fact.what() == Fact.What.SERVED || fact.what() == Fact.What.HANDED)
                .toList();
        Optional<Fact> its = deliveries.stream()
                .filter(fact -> fact.delivery() == lost.delivery())
                .findFirst();
        Optional<Fact> next = deliveries.stream()
                .filter(fact -> fact.delivery() > lost.delivery())
                .findFirst();
        return its.isPresent()
                && next.isPresent()
                && next.get().count() == its.get().count() + 1
                && next.get().nanos() > lost.nanos() + GRAIN_NANOS;
    }

    private void found(Kind kind, Story story, String what, String excuse) {
        verdict.found(
                new Violation(kind, story.group() + " " + story.id() + ": " + what, excuse, chronicle.told(story)));
    }
}
