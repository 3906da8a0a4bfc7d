package io.leasehold.nats.connection;

import io.leasehold.wire.Alarm;
import io.leasehold.wire.ConnectionLoop;
import io.leasehold.wire.OutboundQueue;
import java.util.function.LongUnaryOperator;

/**
 * Looks for requests that have waited too long, and for what waits to be written although nobody wants it any more, as
 * long as there is any of either.
 */
final class RequestTimeouts {
    private final ConnectionLoop loop;
    private final RequestTable requests;
    private final OutboundQueue outbound;
    private final LongUnaryOperator onTheWay;
    private final Runnable onLook;
    private final Alarm alarm;

    /**
     * For a connection.
     *
     * @param onTheWay how long what ends at a position may be on its way to the present server, in nanoseconds
     * @param onLook called after each look
     */
    RequestTimeouts(
            ConnectionLoop loop,
            RequestTable requests,
            OutboundQueue outbound,
            LongUnaryOperator onTheWay,
            Runnable onLook) {
        this.loop = loop;
        this.requests = requests;
        this.outbound = outbound;
        this.onTheWay = onTheWay;
        this.onLook = onLook;
        this.alarm = new Alarm(loop, this::look);
    }

    /** To be called when requests may have been written, or something was given. */
    void watch() {
        if (requests.size() > 0 || !outbound.isEmpty()) {
            alarm.at(loop.nanos() + RequestWheel.TICK_NANOS);
        }
    }

    private void look() {
        requests.expire(loop.nanos(), onTheWay);
        outbound.sweep();
        onLook.run();
        watch();
    }

    void stop() {
        alarm.off();
    }
}
