package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.nats.connection.PlainPublish;
import io.leasehold.nats.protocol.FrameEncoder;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes the settlements of one connection, with an answer or without, by requests that are used again. */
final class Settlements {
    private static final byte[] ACK = "+ACK".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NAK = "-NAK".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TERMINATE = "+TERM".getBytes(StandardCharsets.US_ASCII);

    private static final int REASON_MAX = 256;

    private final PortContext context;
    private final RequestPool<Answered> answered = new RequestPool<>(Answered::new);
    private final RequestPool<Unanswered> unanswered = new RequestPool<>(Unanswered::new);

    Settlements(PortContext context) {
        this.context = context;
    }

    /** Writes one settlement of a delivery of a port; on any thread. */
    void settle(PullPort port, NatsHandout handout, SettleItem item) {
        if (item.wantsAnswer()) {
            Answered request = answered.take();
            request.reuse(port, handout, item);
            context.connection().write(request);
        } else {
            Unanswered write = unanswered.take();
            write.reuse(port, handout, item);
            context.connection().write(write);
        }
    }

    private byte[] body(PullPort port, NatsHandout handout, SettleItem item) {
        return switch (item.verb()) {
            case ACK -> ACK;
            case TERMINATE -> terminate(context.tellsReasons() ? item.reason() : null);
            case NAK -> nak(port.nakDelay(handout, item.delayNanos()));
        };
    }

    private static byte[] nak(long delayNanos) {
        return delayNanos <= 0 ? NAK : ("-NAK {\"delay\":" + delayNanos + "}").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] terminate(@Nullable String reason) {
        return reason == null || reason.isBlank()
                ? TERMINATE
                : ("+TERM " + reason.substring(0, Math.min(reason.length(), REASON_MAX)))
                        .getBytes(StandardCharsets.UTF_8);
    }

    // Nobody else gives it again.
    private static void notWritten(SettleItem item, MessagingException why) {
        if (why.code() == ErrorCode.CLOSED) {
            item.refused(LeaseLoss.CLOSED);
        } else {
            item.postponed();
        }
    }

    /**
     * Is a settlement on its way: a request to the reply subject of its delivery, whose answer says that the leader of
     * the consumer has seen it, and nothing about whose the message is.
     */
    private final class Answered extends LeaseRequest {
        private @Nullable SettleItem item;

        /** Takes a settlement, when it has none. */
        void reuse(PullPort port, NatsHandout handout, SettleItem settlement) {
            isAbout(port, handout);
            item = settlement;
        }

        private SettleItem item() {
            return Objects.requireNonNull(item);
        }

        @Override
        protected byte[] body() {
            return Settlements.this.body(port(), handout(), item());
        }

        @Override
        protected boolean isWanted() {
            return item().isOpen();
        }

        @Override
        boolean opens() {
            SettleItem settlement = item();
            boolean writes = settlement.tryWrite();
            if (writes) {
                // Only bytes of ours are made between this and the channel.
                settlement.written();
                port().settled(handout());
            }

            return writes;
        }

        @Override
        void seen() {
            SettleItem settlement = item();
            item = null;
            isAboutNothing();

            settlement.done();
            answered.give(this);
        }

        @Override
        protected void refused(MessagingException why) {
            notWritten(item(), why);
        }

        @Override
        void over(LeaseLoss loss) {
            item().refused(loss);
        }
    }

    /** Is a settlement for whose answer nobody waits: the server is not asked for one. */
    private final class Unanswered extends PlainPublish {
        private @Nullable PullPort port;
        private @Nullable NatsHandout handout;
        private @Nullable SettleItem item;

        /** Takes a settlement, when it has none. */
        void reuse(PullPort of, NatsHandout delivery, SettleItem settlement) {
            port = of;
            handout = delivery;
            item = settlement;
        }

        private PullPort port() {
            return Objects.requireNonNull(port);
        }

        private NatsHandout handout() {
            return Objects.requireNonNull(handout);
        }

        private SettleItem item() {
            return Objects.requireNonNull(item);
        }

        private byte[] body() {
            return Settlements.this.body(port(), handout(), item());
        }

        @Override
        protected int sizeBytes() {
            return FrameEncoder.publishBytes(handout().reply(), null, null, body());
        }

        @Override
        protected int payloadBytes() {
            return body().length;
        }

        @Override
        protected boolean isUrgent() {
            return true;
        }

        @Override
        protected boolean isWanted() {
            return item().isOpen();
        }

        @Override
        protected boolean tryWrite() {
            LeaseLoss loss = port().loss();
            if (loss != null) {
                item().refused(loss);
                return false;
            }
            if (!item().tryWrite()) {
                return false;
            }

            port().settled(handout());
            return true;
        }

        @Override
        protected void encode(ByteBuf out) {
            FrameEncoder.publish(out, handout().reply(), null, null, body());
            SettleItem settlement = item();
            port = null;
            handout = null;
            item = null;

            settlement.written();
            unanswered.give(this);
        }

        @Override
        protected void refused(MessagingException why) {
            notWritten(item(), why);
        }
    }
}
