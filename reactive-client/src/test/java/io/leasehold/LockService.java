package io.leasehold;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** A lock service as another process would offer it: one holder per name, the others wait in line. */
public final class LockService {
    private final Map<String, Held> held = new HashMap<>();
    private final Map<String, Deque<Waiting>> waiting = new HashMap<>();
    private final AtomicInteger tokens = new AtomicInteger();
    private final List<String> refused = new ArrayList<>();
    private int mostAtOnce;

    /** A lock that somebody has. */
    public record Held(String name, String holder, int token) {}

    private record Waiting(String holder, MonoSink<Held> sink) {}

    /** Waits for the lock; cancelling leaves the line. */
    public Mono<Held> acquire(String name, String holder) {
        return Mono.create(sink -> {
            Waiting one = new Waiting(holder, sink);
            line(name).add(one);
            sink.onCancel(() -> line(name).remove(one));
            next(name);
        });
    }

    /** Gives the lock back; refused for whoever has it no more. */
    public Mono<Void> release(Held lock) {
        return Mono.fromRunnable(() -> {
            if (!lock.equals(held.get(lock.name()))) {
                refused.add(lock.holder());
                return;
            }
            held.remove(lock.name());
            next(lock.name());
        });
    }

    /** The time to live of a lock is over: whoever waits gets it. */
    public void expire(String name) {
        held.remove(name);
        next(name);
    }

    private Deque<Waiting> line(String name) {
        return waiting.computeIfAbsent(name, any -> new ArrayDeque<>());
    }

    private void next(String name) {
        if (held.containsKey(name)) {
            return;
        }
        Waiting first = line(name).poll();
        if (first != null) {
            Held lock = new Held(name, first.holder(), tokens.incrementAndGet());
            held.put(name, lock);
            mostAtOnce = Math.max(mostAtOnce, held.size());
            first.sink().success(lock);
        }
    }

    public Held holderOf(String name) {
        return held.get(name);
    }

    /** How many locks are held. */
    public int held() {
        return held.size();
    }

    public int mostAtOnce() {
        return mostAtOnce;
    }

    public int waiting(String name) {
        return line(name).size();
    }

    /** Who tried to release what was no longer theirs. */
    public List<String> refused() {
        return refused;
    }
}
