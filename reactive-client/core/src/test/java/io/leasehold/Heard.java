package io.leasehold;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.publish.PublishException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** A subscriber that keeps what it hears. */
public final class Heard<V> extends BaseSubscriber<V> {
    private final List<V> values = new CopyOnWriteArrayList<>();
    private final AtomicInteger ends = new AtomicInteger();
    private final long asksFor;
    private volatile Throwable error;

    private Heard(long asksFor) {
        this.asksFor = asksFor;
    }

    /** Subscribes and asks for everything. */
    public static <V> Heard<V> of(Publisher<V> publisher) {
        return of(publisher, Long.MAX_VALUE);
    }

    /** Subscribes and asks for so much. */
    public static <V> Heard<V> of(Publisher<V> publisher, long asksFor) {
        Heard<V> heard = new Heard<>(asksFor);
        Flux.from(publisher).subscribe((CoreSubscriber<V>) heard);
        return heard;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        if (asksFor > 0) {
            request(asksFor);
        }
    }

    @Override
    protected void hookOnNext(V value) {
        values.add(value);
    }

    @Override
    protected void hookOnComplete() {
        ends.incrementAndGet();
    }

    @Override
    protected void hookOnError(Throwable thrown) {
        error = thrown;
        ends.incrementAndGet();
    }

    public List<V> values() {
        return values;
    }

    /** How many terminal signals were heard. */
    public int ends() {
        return ends.get();
    }

    public boolean hasEnded() {
        return ends.get() > 0;
    }

    public boolean hasCompleted() {
        return ends.get() == 1 && error == null;
    }

    public boolean isOpen() {
        return ends.get() == 0 && !isDisposed();
    }

    public Throwable error() {
        return error;
    }

    /** The error of a publish. */
    public PublishException refusal() {
        return (PublishException) error;
    }

    /** Asks past the checks of the base class. */
    public void upstreamRequest(long n) {
        upstream().request(n);
    }

    /** Cancels although it has ended. */
    public void upstreamCancel() {
        upstream().cancel();
    }

    /** The code of the error, or null. */
    public ErrorCode code() {
        return error == null ? null : MessagingException.codeOf(error);
    }
}
