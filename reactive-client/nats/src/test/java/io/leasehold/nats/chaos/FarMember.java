package io.leasehold.nats.chaos;

import io.leasehold.nats.server.ChildJvm;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A member in a process of its own, which can be frozen. What it sees it prints. */
final class FarMember implements AutoCloseable {
    private final ChildJvm child;

    private FarMember(ChildJvm child) {
        this.child = child;
    }

    static FarMember start(String name, String servers, Traffic traffic, Witness witness) {
        List<String> words = new ArrayList<>(List.of(name, servers));
        words.addAll(traffic.words());
        ChildJvm child = ChildJvm.start(
                Program.class,
                line -> {
                    boolean fact = Fact.isLine(line);
                    if (fact) {
                        witness.saw(Fact.parse(line));
                    }
                    return fact;
                },
                words.toArray(String[]::new));
        child.awaitLine("begun");
        return new FarMember(child);
    }

    void freeze() {
        child.freeze();
    }

    void thaw() {
        child.thaw();
    }

    List<String> lines() {
        return child.lines();
    }

    /** Has it close its client and end. */
    void end() {
        child.terminate();
    }

    @Override
    public void close() {
        child.close();
    }

    static final class Program {
        private Program() {}

        public static void main(String... words) throws InterruptedException {
            List<String> all = List.of(words);
            Witness printing = fact -> System.out.println(fact.line());
            Member member = new Member(all.get(0), all.get(1), Traffic.of(all.subList(2, all.size())), printing);
            new Pulse(all.get(0), printing);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                member.close();
                System.out.println("left");
            }));
            member.begin();
            System.out.println("begun");
            // All threads of a client are daemons.
            new CountDownLatch(1).await();
        }
    }
}
