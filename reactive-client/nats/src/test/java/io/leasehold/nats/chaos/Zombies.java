package io.leasehold.nats.chaos;

import io.leasehold.nats.chaos.Verdict.Kind;
import io.leasehold.nats.chaos.Verdict.Violation;
import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.NatsServers;
import java.util.List;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Many rounds of {@link ZombieRound}, some at a time, beside whatever else is done. */
final class Zombies {
    private static final int AT_ONCE = 3;

    private final int rounds;
    private final Mono<Verdict> verdict;

    Zombies(int rounds) {
        this.rounds = rounds;
        verdict = Mono.fromCallable(this::run)
                .subscribeOn(Schedulers.boundedElastic())
                .cache();
        verdict.subscribe(all -> {}, error -> {});
    }

    private Verdict run() {
        Verdict all = new Verdict();
        try (NatsServer server = NatsServer.start(NatsServers.newest())) {
            Flux.fromStream(IntStream.rangeClosed(1, rounds).boxed())
                    .flatMap(
                            number -> Mono.fromCallable(() -> new ZombieRound(server, number).run())
                                    .subscribeOn(Schedulers.boundedElastic())
                                    .flatMapIterable(wrong -> wrong)
                                    .map(wrong -> new Violation(Kind.ZOMBIE, "round " + number + ": " + wrong, "", "")),
                            AT_ONCE)
                    .doOnNext(all::found)
                    .blockLast();
        }
        return all;
    }

    /** What came of all of them; waits. */
    Verdict verdict() {
        Verdict all = verdict.block();
        List<Violation> wrong = all.violations();
        System.out.println(
                "zombies: rounds=" + rounds + " messages=" + rounds * ZombieRound.MESSAGES + " wrong=" + wrong.size());
        wrong.forEach(System.out::println);
        return all;
    }
}
