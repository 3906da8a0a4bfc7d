package io.leasehold.nats.chaos;

import io.leasehold.nats.server.NatsServer;
import io.leasehold.nats.server.RawMessage;
import io.leasehold.nats.server.RawNats;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Hears at a server, past all proxies, what it hands out and which settlements reach it. Comes back after restarts;
 * what happens meanwhile it misses.
 */
final class WireSpy implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMillis(5);
    private static final String ACKS = "$JS.ACK.";
    private static final int GROUP_TOKEN = 3;
    private static final int COUNT_TOKEN = 4;
    private static final int DELIVERY_TOKEN = 6;

    private final NatsServer server;
    private final Witness witness;
    private final Thread thread;
    private volatile boolean ended;
    private volatile boolean listening;

    WireSpy(NatsServer server, Witness witness) {
        this.server = server;
        this.witness = witness;
        thread = new Thread(this::listen, "spy at " + server.name());
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        while (!ended) {
            try (RawNats nats = RawNats.connect(server.port())) {
                hear(nats);
            } catch (RuntimeException | AssertionError away) {
                LockSupport.parkNanos(PATIENCE.toNanos());
            }
            listening = false;
        }
    }

    private void hear(RawNats nats) {
        int acks = nats.subscribe(ACKS + ">");
        int deliveries = nats.subscribe("_INBOX.>");
        nats.flush();
        listening = true;
        while (!ended && !nats.hasEnded()) {
            nats.next(deliveries, PATIENCE).ifPresent(this::served);
            while (nats.next(deliveries, Duration.ZERO).map(this::served).isPresent()) {}
            while (nats.next(acks, Duration.ZERO).map(this::reached).isPresent()) {}
        }
    }

    private boolean served(RawMessage message) {
        if (message.reply().startsWith(ACKS)) {
            String id = message.header("Nats-Msg-Id").orElse("");
            saw(Fact.What.SERVED, message, message.reply(), id, "count ");
        }
        return true;
    }

    private boolean reached(RawMessage message) {
        saw(Fact.What.REACHED, message, message.subject(), "", message.body() + " count ");
        return true;
    }

    private void saw(Fact.What what, RawMessage message, String ack, String id, String note) {
        String[] tokens = ack.split("\\.");
        long delivery = Long.parseLong(tokens[DELIVERY_TOKEN]);
        witness.saw(new Fact(
                message.readNanos(),
                server.name(),
                what,
                tokens[GROUP_TOKEN],
                id,
                delivery,
                0,
                note + tokens[COUNT_TOKEN]));
    }

    boolean isListening() {
        return listening;
    }

    @Override
    public void close() {
        ended = true;
    }
}
