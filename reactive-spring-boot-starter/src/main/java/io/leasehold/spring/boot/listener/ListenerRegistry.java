package io.leasehold.spring.boot.listener;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Keeps the listeners that were found, by id. */
final class ListenerRegistry implements LeaseListenerRegistry {
    private final Map<String, ListenerRunner> runners = new ConcurrentSkipListMap<>();

    /** Adds a listener whose id no other one has, and whose group no other one of its client has. */
    void add(ListenerRunner added) {
        Listener listener = added.listener();
        for (ListenerRunner other : runners.values()) {
            refuseSame("id", listener.id(), other.listener().id(), added, other);
            if (listener.clientBean().equals(other.listener().clientBean())) {
                refuseSame("group", listener.group(), other.listener().group(), added, other);
            }
        }
        runners.put(listener.id(), added);
    }

    private static void refuseSame(String what, String one, String other, ListenerRunner added, ListenerRunner had) {
        boolean same = what.equals("id") ? ListenerFactory.isSameName(one, other) : one.equals(other);
        if (same) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING,
                    "the " + what + " '" + one + "' is already that of "
                            + had.listener().where(),
                    added.listener().where(),
                    "give it another " + what + "; to do more at once raise the concurrency of the first");
        }
    }

    Collection<ListenerRunner> runners() {
        return runners.values();
    }

    /** Stops all, at the same time. */
    Mono<Void> stopAll() {
        return Flux.fromIterable(runners.values())
                .flatMap(ListenerRunner::stop, Integer.MAX_VALUE)
                .then();
    }

    @Override
    public Set<String> ids() {
        return Set.copyOf(runners.keySet());
    }

    @Override
    public Collection<ListenerStatus> statuses() {
        return runners.values().stream().map(ListenerRunner::status).toList();
    }

    @Override
    public ListenerStatus status(String id) {
        return require(id).status();
    }

    @Override
    public void start(String id) {
        require(id).start();
    }

    @Override
    public Mono<Void> stop(String id) {
        return Mono.defer(() -> require(id).stop());
    }

    @Override
    public void pause(String id) {
        require(id).pause();
    }

    @Override
    public void resume(String id) {
        require(id).resume();
    }

    private ListenerRunner require(String id) {
        ListenerRunner found = runners.get(id);
        if (found == null) {
            throw unknown("listener '" + id + "'");
        }
        return found;
    }

    /** Says that there is no such listener, and which there are. */
    MessagingException unknown(String subject) {
        String known = runners.isEmpty() ? "there is none" : "known are " + String.join(", ", runners.keySet());
        return new MessagingException(
                ErrorCode.BAD_SETTING, "no listener has this id", subject, "correct or remove it; " + known);
    }
}
