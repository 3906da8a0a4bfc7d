package io.leasehold.nats.server;

import io.leasehold.Threads;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A stream with one consumer, under names of their own, asked by hand. */
public final class RawGroup {
    private static final Duration SILENCE = Duration.ofSeconds(5);
    private static final int TRIES = 4;
    private static final String NOBODY = "503";
    private static final AtomicLong LAST = new AtomicLong(System.nanoTime());

    private final RawNats nats;
    private final String stream;

    private RawGroup(RawNats nats, String stream) {
        this.nats = nats;
        this.stream = stream;
    }

    /** A stream in memory and a consumer with this lease time. */
    public static RawGroup create(RawNats nats, Duration leaseTime) {
        return create(nats, "\"storage\":\"memory\"", "\"ack_wait\":" + leaseTime.toNanos());
    }

    /** With more keys of both configurations, as JSON without braces. */
    public static RawGroup create(RawNats nats, String streamKeys, String consumerKeys) {
        RawGroup group = new RawGroup(nats, "S" + Long.toString(LAST.incrementAndGet(), 36));
        group.createStream(streamKeys);
        group.createConsumer(consumerKeys);
        return group;
    }

    /** The same, asked through another connection. */
    public RawGroup through(RawNats other) {
        return new RawGroup(other, stream);
    }

    private void createStream(String keys) {
        String config = "{\"name\":\"%s\",\"subjects\":[\"%s.>\"],%s}".formatted(stream, stream, keys);
        succeed("STREAM.CREATE." + stream, config);
    }

    void createConsumer(String keys) {
        String config = "{\"stream_name\":\"%s\",\"config\":{\"durable_name\":\"C\",\"ack_policy\":\"explicit\",%s}}";
        succeed("CONSUMER.DURABLE.CREATE." + stream + ".C", config.formatted(stream, keys));
    }

    // A cluster whose leader changes at this moment may not answer at all; making the same again changes nothing.
    private void succeed(String what, String body) {
        RawMessage answer = Stream.generate(() -> nats.answer("$JS.API." + what, "", body, SILENCE))
                .limit(TRIES)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no answer to " + what));
        succeed(answer);
    }

    private static void succeed(RawMessage answer) {
        if (answer.body().contains("\"error\"") || !answer.status().isEmpty()) {
            throw new IllegalStateException("refused: " + answer);
        }
    }

    public RawMessage api(String what, String body) {
        return nats.request("$JS.API." + what, body);
    }

    public String stream() {
        return stream;
    }

    public String subject() {
        return stream + ".a";
    }

    /** The subject on which pulls are asked for. */
    public String pullSubject() {
        return "$JS.API.CONSUMER.MSG.NEXT." + stream + ".C";
    }

    public void store(String body) {
        succeed(heard(() -> nats.request(subject(), body)));
    }

    // Who is made in a cluster answers before each of its nodes knows that somebody listens: nobody has got it then.
    private static RawMessage heard(Supplier<RawMessage> asking) {
        RawMessage[] answer = {asking.get()};
        Threads.await("somebody who listens", RawNats.LIMIT, () -> {
            if (answer[0].status().startsWith(NOBODY)) {
                answer[0] = asking.get();
            }
            return !answer[0].status().startsWith(NOBODY);
        });
        return answer[0];
    }

    /** Asks for messages on an inbox of its own, and returns its subscription. */
    public int pull(String request) {
        String inbox = RawNats.inbox();
        int sid = nats.subscribe(inbox);
        nats.publish(pullSubject(), inbox, request);
        return sid;
    }

    /** The next message, which must come. */
    public RawMessage take() {
        return heard(() -> nats.next(pull("{\"batch\":1,\"expires\":%d}".formatted(RawNats.LIMIT.toNanos()))));
    }

    /** The next message if there is one now; not for a full consumer, at which such a pull waits. */
    public Optional<RawMessage> takeNow() {
        return messageOf(pull("{\"batch\":1,\"no_wait\":true}"));
    }

    /** The next message, unless the pull runs out before. */
    public Optional<RawMessage> takeWithin(Duration limit) {
        return messageOf(pull("{\"batch\":1,\"expires\":%d}".formatted(limit.toNanos())));
    }

    private Optional<RawMessage> messageOf(int pull) {
        RawMessage taken = nats.next(pull);
        return taken.status().isEmpty() ? Optional.of(taken) : Optional.empty();
    }

    /** A number from the consumer's state. */
    public long state(String key) {
        return Long.parseLong(
                api("CONSUMER.INFO." + stream + ".C", "").field(key).orElseThrow());
    }
}
