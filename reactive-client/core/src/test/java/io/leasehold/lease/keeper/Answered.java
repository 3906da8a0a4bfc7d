package io.leasehold.lease.keeper;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.ArrayList;
import java.util.List;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** What a subscriber has heard. */
final class Answered<V> {
    final List<V> values = new ArrayList<>();
    private Disposable subscription;
    private Throwable error;
    private int ends;

    private Answered() {}

    static <V> Answered<V> of(Publisher<V> publisher) {
        Answered<V> answered = new Answered<>();
        answered.subscription = Flux.from(publisher)
                .subscribe(
                        answered.values::add,
                        thrown -> {
                            answered.error = thrown;
                            answered.ends++;
                        },
                        () -> answered.ends++);
        return answered;
    }

    boolean isOpen() {
        return ends == 0;
    }

    void cancel() {
        subscription.dispose();
    }

    /** The one value of a sequence that has completed. */
    V value() {
        if (error != null || ends != 1 || values.size() != 1) {
            throw new AssertionError("no single value: " + values + ", ends " + ends, error);
        }
        return values.get(0);
    }

    /** The code of the error that ended the sequence. */
    ErrorCode code() {
        if (!(error instanceof MessagingException ours) || ends != 1) {
            throw new AssertionError("no error of ours: " + values + ", ends " + ends, error);
        }
        return ours.code();
    }

    Throwable error() {
        return error;
    }
}
