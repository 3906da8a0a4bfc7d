package io.leasehold.nats.jetstream;

import io.leasehold.broker.PublishCondition;
import io.leasehold.broker.PublishItem;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Headers;
import io.leasehold.message.Topic;
import io.leasehold.nats.connection.NatsConnection;
import io.leasehold.nats.protocol.Subject;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;

/** Publishes over one connection, to whichever streams keep the topics, and learns of these by their answers. */
final class StreamPublisher {
    private static final long PAUSE_NANOS = 250_000_000L;
    private static final int STREAMS_MET_MAX = 64;

    // Of so many topics at most it is found out why publishes to them are not answered.
    private static final int SILENT_TOPICS_MAX = 64;

    private final NatsConnection connection;
    private final JetStreamApi api;
    private final StreamProvisioning streams;
    private final Scheduler time;
    private final long requestNanos;
    private final RequestPool<PublishRequest> pool = new RequestPool<>(() -> new PublishRequest(this));

    // Mostly the next topic is the same, and its subject is not made anew. On any thread.
    private volatile Named last = new Named("none", Subject.of("none"));

    // Changed on the connection's thread.
    private final Set<String> silentTopics = new HashSet<>();
    private byte[] lastConfirmation = {};
    private int streamsMet;

    private record Named(String topic, Subject subject) {}

    StreamPublisher(
            NatsConnection connection,
            JetStreamApi api,
            StreamProvisioning streams,
            Scheduler time,
            long requestNanos) {
        this.connection = connection;
        this.api = api;
        this.streams = streams;
        this.time = time;
        this.requestNanos = requestNanos;
    }

    /** Publishes an item; on any thread. */
    void publish(PublishItem item) {
        PublishRequest request = pool.take();
        try {
            request.reuse(item);
        } catch (MessagingException unfit) {
            item.failed(unfit);
            return;
        }

        int level = levelOf(item.message().headers());
        if (api.isKnownToHave(level)) {
            connection.write(request);
        } else {
            api.requireLevel(
                            level,
                            "the options of a publish to " + item.message().topic())
                    .subscribe(
                            nothing -> {},
                            unfit -> item.failed(JetStreamErrors.asOurs(unfit)),
                            () -> connection.write(request));
        }
    }

    // The level of the JetStream API that all the conditions in some headers need; 0 for any. Servers that do not know
    // a condition store the message and do nothing.
    private static int levelOf(Headers headers) {
        if (headers.isEmpty()) {
            return 0;
        }

        int[] needed = {0};
        headers.forEach((name, value) -> {
            PublishCondition condition = PublishCondition.of(name);
            needed[0] = Math.max(needed[0], condition == null ? 0 : levelOf(condition));
        });

        return needed[0];
    }

    private static int levelOf(PublishCondition condition) {
        return switch (condition) {
            case EXPECTED_STREAM, EXPECTED_LAST_SEQUENCE, EXPECTED_LAST_SUBJECT_SEQUENCE, EXPECTED_LAST_ID -> 0;
            case TIME_TO_LIVE -> 1;
            case SCHEDULE, SCHEDULE_TARGET -> 2;
        };
    }

    // ---- for its requests

    /**
     * Returns the subject of a topic.
     *
     * @throws MessagingException when the topic cannot be published to
     */
    Subject subjectOf(String topic) {
        Named known = last;
        if (!known.topic().equals(topic)) {
            known = new Named(topic, Subject.of(Topic.require(topic)));
            last = known;
        }
        return known.subject();
    }

    long requestNanos() {
        return requestNanos;
    }

    /** Takes a request back that has been answered. */
    void give(PublishRequest request) {
        pool.give(request);
    }

    /** Writes a request again after a pause. */
    void again(PublishRequest request) {
        time.schedule(() -> connection.execute(() -> connection.write(request)), PAUSE_NANOS, TimeUnit.NANOSECONDS);
    }

    /** Counts the bytes that an answer has in common with the last one that told of a stored message; 0 for another. */
    int sameFront(byte[] answer) {
        int length = lastConfirmation.length;
        boolean same = answer.length >= length && Arrays.equals(answer, 0, length, lastConfirmation, 0, length);
        return same ? length : 0;
    }

    /** Notes that another stream has confirmed a publish: the first ones that do so are looked at. */
    void confirmedBy(byte[] answer) {
        if (streamsMet >= STREAMS_MET_MAX) {
            return;
        }

        streamsMet++;
        lastConfirmation = PublishAck.front(answer);
        String stream = PublishAck.stream(answer);
        if (!stream.isEmpty()) {
            streams.met(stream);
        }
    }

    /** Notes that a publish was written and is not answered: the stream of the first such one is looked at. */
    void unanswered(String topic) {
        boolean isUp = connection.unheardNanos() == 0;
        if (isUp && silentTopics.size() < SILENT_TOPICS_MAX && silentTopics.add(topic)) {
            streams.lookAtSilent(topic);
        }
    }

    /** Finds out whether a stream keeps a topic; where nobody says, it does. */
    void whetherKept(String topic, Consumer<Boolean> told) {
        streams.keeps(topic)
                .subscribe(
                        kept -> connection.execute(() -> told.accept(kept)),
                        error -> connection.execute(() -> told.accept(true)));
    }
}
