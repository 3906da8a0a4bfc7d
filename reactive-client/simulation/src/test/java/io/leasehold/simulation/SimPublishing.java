package io.leasehold.simulation;

import io.leasehold.broker.PublishItem;
import io.leasehold.broker.PublishPort;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The client's end of publishing: each item gets exactly one answer, if only that nobody knows. */
final class SimPublishing implements PublishPort {
    private static final long LIMIT_NANOS = 1_500_000_000L;

    private final SimSession session;
    private final List<Pending> open = new ArrayList<>();

    SimPublishing(SimSession session) {
        this.session = session;
    }

    @Override
    public void publish(PublishItem item) {
        Pending pending = new Pending(item);
        open.add(pending);
        session.broker().wire().offers(item.message());
        if (session.isClosed()) {
            pending.fail(ErrorCode.CLOSED);
            return;
        }
        if (!session.takes()) {
            pending.fail(session.connection() == null ? ErrorCode.DISCONNECTED : ErrorCode.CONNECTION_FULL);
            return;
        }
        session.lane().after(LIMIT_NANOS, pending::limit);
        session.lane().soon(pending::write);
    }

    void connected() {
        for (Pending pending : List.copyOf(open)) {
            pending.write();
        }
    }

    /** What was written is unknown now, or is written again on the next connection: brokers differ. */
    void disconnected() {
        for (Pending pending : List.copyOf(open)) {
            if (pending.writes > 0 && session.world().chance(500)) {
                pending.fail(ErrorCode.UNKNOWN);
            }
        }
    }

    void close() {
        for (Pending pending : List.copyOf(open)) {
            pending.fail(pending.writes > 0 ? ErrorCode.UNKNOWN : ErrorCode.CLOSED);
        }
    }

    /** One publish without an answer. */
    private final class Pending {
        private final PublishItem item;
        private @Nullable SimConnection writtenTo;
        private int writes;
        private boolean over;

        Pending(PublishItem item) {
            this.item = item;
        }

        void write() {
            SimConnection connection = session.connection();
            if (over || connection == null || writtenTo == connection) {
                return;
            }
            if (!item.tryWrite()) {
                end();
                return;
            }
            session.broker().wire().publishes(item.message());
            writes++;
            writtenTo = connection;
            String what = session.world().isTraced() ? "publish " + item.id() : "publish";
            connection.up.send(new SimParcel(what, () -> arrive(connection)));
        }

        private void arrive(SimConnection connection) {
            session.server().session(session).publishing().publish(new Arrived(this, connection));
        }

        void stored(boolean duplicate) {
            session.server().ledger().stored(item.message(), duplicate);
        }

        void limit() {
            fail(writes > 0 ? ErrorCode.UNKNOWN : ErrorCode.DISCONNECTED);
        }

        void fail(ErrorCode code) {
            if (end()) {
                item.failed(
                        new MessagingException(code, "not confirmed", item.id().value(), "publish again"));
            }
        }

        void answer(SimConnection connection, Runnable tell) {
            connection.down.send(new SimParcel("publish answer", () -> {
                if (session.hears(connection) && end()) {
                    tell.run();
                }
            }));
        }

        private boolean end() {
            boolean first = !over;
            over = true;
            open.remove(this);
            return first;
        }
    }

    /** The publish at the broker. */
    private record Arrived(Pending pending, SimConnection connection) implements PublishItem {
        @Override
        public Message message() {
            return pending.item.message();
        }

        @Override
        public MessageId id() {
            return pending.item.id();
        }

        @Override
        public boolean tryWrite() {
            return true;
        }

        @Override
        public void confirmed(long sequence, boolean duplicate) {
            pending.stored(duplicate);
            pending.answer(connection, () -> pending.item.confirmed(sequence, duplicate));
        }

        @Override
        public void failed(MessagingException error) {
            pending.answer(connection, () -> pending.item.failed(error));
        }
    }
}
