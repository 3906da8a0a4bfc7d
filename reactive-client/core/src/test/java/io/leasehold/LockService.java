package io.leasehold;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * A lock service as another process would offer it: one holder per name, the others wait in line. For any thread; who
 * gets a lock is told outside of our own.
 */
public final class LockService {
    private final Map<String, Held> held = new HashMap<>();
    private final Map<String, Deque<Waiting>> waiting = new HashMap<>();
    private final AtomicInteger tokens = new AtomicInteger();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final ReentrantLock own = new ReentrantLock();
    private int mostAtOnce;

    /** A lock that somebody has. */
    public record Held(String name, String holder, int token) {}

    private record Waiting(String holder, MonoSink<Held> sink, AtomicReference<Held> granted) {}

    private <V> V inside(Supplier<V> what) {
        boolean got;
        do {
            // Never for long; and those who come here may neither block nor look as if they did.
            got = own.tryLock();
        } while (!got);
        try {
            return what.get();
        } finally {
            own.unlock();
        }
    }

    /** Waits for the lock; cancelling leaves the line. */
    public Mono<Held> acquire(String name, String holder) {
        return Mono.create(sink -> {
            Waiting one = new Waiting(holder, sink, new AtomicReference<>());
            inside(() -> line(name).add(one));
            sink.onCancel(() -> leave(name, one));
            next(name);
        });
    }

    // It may have the lock by now, and be about to be told, which it does not hear any more.
    private void leave(String name, Waiting one) {
        inside(() -> line(name).remove(one) || held.remove(name, one.granted().get()));
        next(name);
    }

    /** Gives the lock back; refused for whoever has it no more. */
    public Mono<Void> release(Held lock) {
        return Mono.fromRunnable(() -> {
            if (inside(() -> held.remove(lock.name(), lock))) {
                next(lock.name());
            } else {
                refused.add(lock.holder());
            }
        });
    }

    /** The time to live of a lock is over: whoever waits gets it. */
    public void expire(String name) {
        inside(() -> held.remove(name));
        next(name);
    }

    private Deque<Waiting> line(String name) {
        return waiting.computeIfAbsent(name, any -> new ArrayDeque<>());
    }

    private void next(String name) {
        Runnable tell = inside(() -> {
            Waiting first = held.containsKey(name) ? null : line(name).poll();
            if (first == null) {
                return null;
            }
            Held lock = new Held(name, first.holder(), tokens.incrementAndGet());
            held.put(name, lock);
            first.granted().set(lock);
            mostAtOnce = Math.max(mostAtOnce, held.size());
            return () -> first.sink().success(lock);
        });
        if (tell != null) {
            tell.run();
        }
    }

    public Held holderOf(String name) {
        return inside(() -> held.get(name));
    }

    /** How many locks are held. */
    public int held() {
        return inside(held::size);
    }

    public int mostAtOnce() {
        return inside(() -> mostAtOnce);
    }

    public int waiting(String name) {
        return inside(() -> line(name).size());
    }

    /** Who tried to release what was no longer theirs. */
    public List<String> refused() {
        return refused;
    }
}
