package io.leasehold.nats.jetstream;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Threads;
import io.leasehold.consume.Outcome;
import io.leasehold.house.Walk;
import io.leasehold.message.Message;
import io.leasehold.nats.NatsBroker;
import io.leasehold.nats.server.RawNats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** Publishes and works on messages of a NATS stream, one at a time, while {@link Walk} records. */
public final class WalkedMessages implements AutoCloseable {
    private static final Duration LEASE = Duration.ofMinutes(1);
    // What happens the first time, or now and then, is not the way of each message.
    private static final int WARM_UP = 100;
    private static final int ROUNDS = 50;

    private final ScriptedServer server = new ScriptedServer(LEASE.toNanos());
    private final MessageClient client =
            MessageClient.builder().broker(NatsBroker.connect(server.url())).build();
    private final AtomicInteger handled = new AtomicInteger();
    private final Heard<Outcome> outcomes;
    private int sequence;

    public WalkedMessages() {
        server.answerSettlements();
        outcomes = Heard.of(client.consumer("S.>", ScriptedServer.GROUP, String.class)
                .leaseTime(LEASE)
                .concurrency(4)
                .handle(delivery -> {
                    Walk.end();
                    return Mono.fromRunnable(handled::incrementAndGet);
                }));
        server.pull(0);
    }

    /** The types that each publish meets from its subscription on to the write to the channel. */
    public List<String> publish() {
        return always(() -> {
            Mono<?> publish = client.publish(Message.to("S.x").body("m"));
            Walk.beginUntilWritten();
            publish.block(RawNats.LIMIT);
        });
    }

    /** The types that each handout meets from its arrival on to the first instruction of the handler. */
    public List<String> handle() {
        return always(() -> {
            int before = outcomes.values().size();
            ScriptedServer.Sent pull = server.lastPull();
            Walk.begin();
            server.deliver(pull, ++sequence);
            Threads.await(
                    "it is settled", RawNats.LIMIT, () -> outcomes.values().size() > before);
        });
    }

    private static List<String> always(Runnable once) {
        for (int i = 0; i < WARM_UP; i++) {
            once.run();
        }
        once.run();
        List<String> met = new ArrayList<>(Walk.met());
        for (int i = 0; i < ROUNDS; i++) {
            once.run();
            met.retainAll(Walk.met());
        }
        return met;
    }

    @Override
    public void close() {
        outcomes.cancel();
        client.close().block(RawNats.LIMIT);
        server.close();
    }
}
