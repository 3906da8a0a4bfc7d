package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.SignalType;

/** A subscriber that keeps what it hears, and asks for as much as it is told to. */
final class Heard<T> extends BaseSubscriber<T> {
    final List<T> values = Collections.synchronizedList(new ArrayList<>());
    final List<String> ends = Collections.synchronizedList(new ArrayList<>());
    private final long first;
    private volatile Throwable error;

    private Heard(long first) {
        this.first = first;
    }

    /** Subscribes and asks for everything. */
    static <T> Heard<T> of(Publisher<T> publisher) {
        return of(publisher, Long.MAX_VALUE);
    }

    /** Subscribes and asks for so many. */
    static <T> Heard<T> of(Publisher<T> publisher, long first) {
        Heard<T> heard = new Heard<>(first);
        publisher.subscribe((CoreSubscriber<T>) heard);
        return heard;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        if (first > 0) {
            request(first);
        }
    }

    @Override
    protected void hookOnNext(T value) {
        values.add(value);
    }

    @Override
    protected void hookOnError(Throwable throwable) {
        error = throwable;
    }

    @Override
    protected void hookFinally(SignalType type) {
        ends.add(type.name());
    }

    /** Asks past the checks of the base class. */
    void upstreamRequest(long n) {
        upstream().request(n);
    }

    /** Cancels although it has ended. */
    void upstreamCancel() {
        upstream().cancel();
    }

    PublishException error() {
        return (PublishException) error;
    }

    Throwable anyError() {
        return error;
    }

    ErrorCode code() {
        return error == null ? null : error().code();
    }

    boolean isOpen() {
        return ends.isEmpty();
    }
}
