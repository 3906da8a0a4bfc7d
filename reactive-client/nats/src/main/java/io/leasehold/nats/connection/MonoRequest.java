package io.leasehold.nats.connection;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * A request that is rare, as a Mono: what is asked often is a {@link Request} of its own kind. 88 bytes with compressed
 * references, most of them what each request has:
 *
 * <pre>
 *     0  header 12 | countedBytes 4 | next 4 | slot 4                    the place in the queue, and in the table
 *    24  serial 8 | writtenAt 8 | deadline 8 | position 8 | earlier 4 | later 4
 *    64  cancelled 1 | written 1 | free 2 | subject 4 | header 4 | body 4 | limit 4 | answer 4
 * </pre>
 */
final class MonoRequest extends Request {
    private final Subject subject;
    private final byte @Nullable [] header;
    private final byte[] body;
    private final Duration limit;
    private final Sinks.One<MessageFrame> answer = Sinks.one();
    private volatile boolean cancelled;
    private volatile boolean written;

    MonoRequest(Subject subject, byte @Nullable [] header, byte[] body, Duration limit) {
        this.subject = subject;
        this.header = header;
        this.body = body;
        this.limit = limit;
    }

    Mono<MessageFrame> askedOf(NatsConnection connection, Scheduler time) {
        // Once it is written, its time begins anew, and ends where that of all requests does.
        Mono<MessageFrame> late = Mono.defer(() -> written
                ? answer.asMono()
                : Mono.error(new MessagingException(
                        ErrorCode.DISCONNECTED,
                        "it could not be written in time",
                        subject.toString(),
                        "see why there is no connection, or ask again")));
        connection.write(this);
        return answer.asMono().timeout(limit, late, time).doFinally(end -> {
            cancelled = true;
            connection.forget(this);
        });
    }

    @Override
    protected Subject subject() {
        return subject;
    }

    @Override
    protected byte @Nullable [] header() {
        return header;
    }

    @Override
    protected byte[] body() {
        return body;
    }

    @Override
    protected long limitNanos() {
        return limit.toNanos();
    }

    @Override
    protected boolean isUrgent() {
        return true;
    }

    @Override
    protected boolean isWanted() {
        return !cancelled;
    }

    @Override
    protected boolean tryWrite() {
        written = !cancelled;
        return written;
    }

    @Override
    protected void refused(MessagingException why) {
        answer.tryEmitError(why);
    }

    @Override
    protected void answered(MessageFrame frame) {
        answer.tryEmitValue(frame.kept());
    }

    @Override
    protected void failed(MessagingException why) {
        answer.tryEmitError(why);
    }
}
