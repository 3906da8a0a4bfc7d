package io.leasehold.nats.chaos;

import io.leasehold.Threads;
import io.leasehold.nats.server.ChildJvm;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.RawMessage;
import io.leasehold.nats.server.RawNats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A holds 100 messages and is stopped past their leases, B gets them, A wakes while B still works on half of them. Both
 * are processes of their own.
 */
final class ZombieRound {
    static final int MESSAGES = 100;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String A = "A";
    private static final String B = "B";

    private final NatsServer server;
    private final String family;
    private final Chronicle chronicle = new Chronicle();

    ZombieRound(NatsServer server, int number) {
        this.server = server;
        this.family = "zombie" + number;
    }

    /** What went wrong; nothing when all went well. */
    List<String> run() {
        try (WireSpy spy = new WireSpy(server, chronicle);
                FencedStore store = new FencedStore()) {
            Threads.await("a spy", LIMIT, spy::isListening);
            publish();
            try (ChildJvm a = start(A, store, 4_000, 4_500)) {
                awaits(a, "A holds all", A, Fact.What.STARTED);
                a.freeze();
                long frozen = System.nanoTime();
                try (ChildJvm b = start(B, store, 10, 9_000)) {
                    awaits(b, "B holds all", B, Fact.What.STARTED);
                    chronicle.remark("round", "A wakes");
                    a.thaw();
                    awaits(a, "A has seen the end of all", A, Fact.What.OUTCOME);
                    awaits(b, "B has done all", B, Fact.What.OUTCOME);
                }
                return judge(frozen, store.effects());
            }
        }
    }

    private void publish() {
        try (RawNats nats = RawNats.connect(server.port())) {
            nats.request(
                    "$JS.API.STREAM.CREATE." + family,
                    "{\"name\":\"%s\",\"subjects\":[\"%s.>\"]}".formatted(family, family));
            for (int i = 0; i < MESSAGES; i++) {
                String answer = nats.answer(family + ".a", "Nats-Msg-Id: m" + i + "\r\n", "m" + i, RawNats.LIMIT)
                        .map(RawMessage::body)
                        .orElse("nothing");
                if (!answer.contains("\"seq\"")) {
                    throw new AssertionError("not stored: " + answer);
                }
            }
        }
    }

    private ChildJvm start(String name, FencedStore store, int evenMillis, int oddMillis) {
        return ChildJvm.start(
                Holder.class,
                this::heard,
                name,
                server.url(),
                family,
                Integer.toString(store.port()),
                Integer.toString(evenMillis),
                Integer.toString(oddMillis));
    }

    private boolean heard(String line) {
        boolean fact = Fact.isLine(line);
        if (fact) {
            chronicle.saw(Fact.parse(line));
        }
        return fact;
    }

    private void awaits(ChildJvm child, String what, String who, Fact.What which) {
        Threads.await(
                what, LIMIT, () -> !child.isRunning() || ids(of(who, which)).size() == MESSAGES);
        if (!child.isRunning()) {
            throw new AssertionError(who + " ended: " + String.join("\n", child.lines()));
        }
    }

    private Stream<Fact> of(String who, Fact.What what) {
        return chronicle.facts().stream()
                .filter(fact -> fact.who().equals(who) && fact.what() == what)
                .filter(fact -> fact.group().equals(Holder.GROUP));
    }

    private static Set<String> ids(Stream<Fact> facts) {
        return facts.map(Fact::id).collect(Collectors.toSet());
    }

    private List<String> judge(long frozen, List<FencedStore.Effect> effects) {
        List<String> wrong = new ArrayList<>();
        none(wrong, "A was not stopped in time", of(A, Fact.What.COMPLETED).filter(fact -> fact.nanos() < frozen));
        none(wrong, "A settled something", of(A, Fact.What.WRITTEN));
        none(
                wrong,
                "a run of A had another end than its lease",
                of(A, Fact.What.OUTCOME).filter(outcome -> !outcome.note().startsWith("LOST")));
        none(
                wrong,
                "a lease of B was disturbed",
                of(B, Fact.What.OUTCOME).filter(outcome -> !outcome.note().startsWith("ACKED")));
        none(wrong, "a run of B was disturbed", of(B, Fact.What.CANCELLED));
        if (of(B, Fact.What.STARTED).count() != MESSAGES) {
            wrong.add("B did something twice");
        }
        for (int i = 0; i < MESSAGES; i++) {
            String id = "m" + i;
            lookAtEffects(
                    wrong,
                    effects.stream().filter(effect -> effect.what().equals(id)).toList());
        }
        lookAtServer(wrong);
        return wrong;
    }

    private void none(List<String> wrong, String what, Stream<Fact> facts) {
        List<Fact> found = facts.toList();
        if (!found.isEmpty()) {
            Predicate<Story> its = story -> story.id().equals(found.get(0).id());
            String history = chronicle.stories().stream()
                    .filter(its)
                    .map(chronicle::told)
                    .collect(Collectors.joining("\n"));
            wrong.add(what + ", " + found.size() + " times:\n" + history);
        }
    }

    private void lookAtEffects(List<String> wrong, List<FencedStore.Effect> effects) {
        List<String> taken = effects.stream()
                .filter(FencedStore.Effect::taken)
                .map(FencedStore.Effect::who)
                .toList();
        int ofB = taken.indexOf(B);
        if (ofB < 0 || taken.lastIndexOf(A) > ofB) {
            wrong.add("effects in the wrong order: " + effects);
        }
    }

    private void lookAtServer(List<String> wrong) {
        StoredMessages stored = StoredMessages.read(server.port(), family, List.of(Holder.GROUP));
        if (!stored.unfinished().equals(java.util.Map.of(Holder.GROUP, 0L))) {
            wrong.add("the server has something left: " + stored.unfinished());
        }
    }
}
