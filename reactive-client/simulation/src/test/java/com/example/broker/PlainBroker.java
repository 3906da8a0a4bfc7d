package com.example.broker;

import io.leasehold.broker.Broker;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.PublishItem;
import io.leasehold.broker.PublishRules;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.broker.SessionContext;
import io.leasehold.broker.StartPosition;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.TopicFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.scheduler.Scheduler;

/**
 * A broker that somebody else might write, in memory and as small as it may be: groups of one topic that begin with
 * what follows, leases with fencing, and neither tokens nor delays nor recognised ids. It uses nothing but what the
 * published modules say to writers of brokers.
 */
final class PlainBroker implements Broker {
    private static final int MESSAGE_BYTES_MAX = 8 << 20;

    private final Scheduler time;
    private final Queue<Runnable> turns = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private final Map<String, PlainGroup> groups = new LinkedHashMap<>();
    private final List<TopicFilter> declared = new ArrayList<>();
    private final List<PlainSession> sessions = new ArrayList<>();
    private long sequence;

    PlainBroker(Scheduler time) {
        this.time = time;
    }

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public BrokerSession open(SessionContext context) {
        PlainSession session = new PlainSession(this, context);
        turn(() -> sessions.add(session));
        return session;
    }

    static Capabilities capabilities() {
        return Capabilities.fenced()
                .withoutNakDelay()
                .withoutWildcards()
                .startPositions(Set.of(StartPosition.Kind.LATEST))
                .tokens(Capabilities.Tokens.NONE);
    }

    /** Has something done when all that came before is done: one at a time, by whoever comes first. */
    void turn(Runnable work) {
        turns.add(work);
        if (pending.getAndIncrement() == 0) {
            do {
                turns.remove().run();
            } while (pending.decrementAndGet() > 0);
        }
    }

    Scheduler time() {
        return time;
    }

    void restart() {
        turn(() -> List.copyOf(sessions).forEach(PlainSession::troubled));
    }

    void deleteGroup(String name) {
        turn(() -> remove(name));
    }

    // ---- in its turn

    void forget(PlainSession session) {
        sessions.remove(session);
    }

    boolean isIdle() {
        return sessions.isEmpty() && groups.values().stream().allMatch(PlainGroup::isIdle);
    }

    void keep(RetentionSpec retention) {
        declared.add(retention.filter());
    }

    boolean remove(String name) {
        PlainGroup group = groups.remove(name);
        if (group != null) {
            group.end();
        }
        return group != null;
    }

    void join(PlainPort port) {
        PlainGroup group = groups.computeIfAbsent(
                port.spec().name(), name -> new PlainGroup(this, port.spec().filter()));
        if (group.filter().equals(port.spec().filter())) {
            port.joined(group);
        } else {
            port.gone(error(ErrorCode.GROUP_MISMATCH, "the group consumes " + group.filter()));
        }
    }

    void publish(PublishItem item) {
        if (!item.tryWrite()) {
            return;
        }

        Message message = item.message().id(item.id());
        try {
            require(message, item);
        } catch (MessagingException refused) {
            item.failed(refused);
            return;
        }

        sequence++;
        List<PlainGroup> taking = groups.values().stream()
                .filter(group -> group.filter().matches(message.topic()))
                .toList();
        taking.forEach(group -> group.offer(message, sequence));
        item.confirmed(sequence, false);
        taking.forEach(PlainGroup::dispatch);
    }

    private void require(Message message, PublishItem item) {
        PublishRules.require(message, item.id());
        PublishRules.refuseConditions(message, name());
        if (PublishRules.sizeBytes(message) > MESSAGE_BYTES_MAX) {
            throw error(ErrorCode.TOO_LARGE, "the message is too large");
        }

        boolean consumed =
                groups.values().stream().anyMatch(group -> group.filter().matches(message.topic()));
        if (!consumed && declared.stream().noneMatch(filter -> filter.matches(message.topic()))) {
            throw error(ErrorCode.NO_GROUP, "nobody keeps the message");
        }
    }

    static MessagingException error(ErrorCode code, String what) {
        return new MessagingException(code, what, "plain", "see the contract");
    }
}
