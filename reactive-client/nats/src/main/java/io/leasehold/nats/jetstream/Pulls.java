package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.nats.connection.MessageHandler;
import io.leasehold.nats.connection.PlainPublish;
import io.leasehold.nats.connection.Subscription;
import io.leasehold.nats.protocol.FrameEncoder;
import io.leasehold.nats.protocol.HeaderBlock;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import io.leasehold.wire.ConnectionState;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns credit into pulls, and what comes for them into deliveries: a few delivery subscriptions, at most one pull
 * outstanding on each. On the connection's thread.
 */
final class Pulls {
    private static final byte[] UNSENT = "Nats-Pending-Messages".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern COUNT = Pattern.compile("\\d{1,9}");
    private static final int PULLS_MAX = 4;
    private static final int TEXT_MAX = 128;
    private static final long JITTER_NANOS = 200_000_000L;
    private static final long TROUBLE_NANOS = 1_000_000_000L;

    private final PullPort port;
    private final PortContext context;
    private final Subject next;
    private final List<Pull> pulls = new ArrayList<>(PULLS_MAX);

    // What the last delivery and the next one mostly have in common is not made anew.
    private @Nullable AckSubject last;
    private String topic = "";
    private byte[] topicBytes = {};

    private long total;
    private long taken;
    private long pausedUntil;
    private long bytesMax;
    private PullLimits limits;
    private boolean ended;

    Pulls(PullPort port, PortContext context, ConsumerLife life) {
        this.port = port;
        this.context = context;
        this.next = context.api().subject("CONSUMER.MSG.NEXT." + life.stream() + "." + life.consumer());
        this.pausedUntil = context.sureNanos();
        this.limits = life.limits();
        this.bytesMax = limits.bytes(context.pullBytes());
    }

    /** Takes what the consumer takes of a pull, which has perhaps changed. */
    void limit(PullLimits told) {
        if (!told.equals(limits)) {
            limits = told;
            bytesMax = told.bytes(context.pullBytes());
        }
    }

    /** Tells whether pulls are asked for at this subject. */
    boolean askAt(String subject) {
        return next.toString().equals(subject);
    }

    /**
     * Returns how many waited when the last delivery was handed out; -1 before the first. On any thread: it may be old.
     */
    long pending() {
        AckSubject present = last;
        return present == null ? -1 : present.pending();
    }

    /** Takes how many deliveries may be taken in all. */
    void credit(long newTotal) {
        total = newTotal;
        balance();
    }

    /** Counts one that was taken, and is not handed out, as not taken. */
    void giveBack() {
        taken--;
        balance();
    }

    /** Has the pulls follow the credit. */
    void balance() {
        balance(context.sureNanos());
    }

    private void balance(long now) {
        if (ended) {
            return;
        }

        long wanted = total - taken;
        long out = outstanding();
        if (wanted < out) {
            withdrawAll();
            out = 0;
        }
        long missing = wanted - out;
        int step = (int) Math.min(Math.max(1, wanted / (2 * PULLS_MAX)), Integer.MAX_VALUE);
        boolean enough = missing >= limits.batch(step);
        if (missing > 0 && enough && now - pausedUntil >= 0) {
            ask((int) Math.min(missing, Integer.MAX_VALUE), out == 0 && isIdle(now));
        }
    }

    // Asked for each delivery: without an iterator.
    private long outstanding() {
        long sum = 0;
        for (int i = 0; i < pulls.size(); i++) {
            sum += pulls.get(i).open;
        }
        return sum;
    }

    private boolean isIdle(long now) {
        return pulls.stream().noneMatch(pull -> now - pull.heardNanos < port.leaseNanos() / 4);
    }

    private void ask(int count, boolean idle) {
        Pull free = freePull();
        if (free == null) {
            return;
        }
        PullTiming timing =
                limits.timing(idle ? PullTiming.idle(port.leaseNanos()) : PullTiming.busy(port.leaseNanos()));
        long number = free.ask(limits.batch(count));
        context.connection().write(new PullRequest(free, number, timing));
        watch(free, number, timing, timing.silenceNanos());
    }

    private @Nullable Pull freePull() {
        for (Pull pull : pulls) {
            if (pull.isFree()) {
                return pull;
            }
        }
        if (pulls.size() >= PULLS_MAX) {
            return null;
        }
        Pull fresh = new Pull(context.connection().newInbox());
        fresh.subscription = context.connection().subscribe(fresh.inbox, null, fresh);
        pulls.add(fresh);

        return fresh;
    }

    // A pull that is neither answered nor shown to be there is given up: its end is not proven.
    private void watch(Pull pull, long number, PullTiming timing, long nanos) {
        context.later(nanos, () -> {
            if (!pull.isOut(number) || ended) {
                return;
            }
            long left = pull.heardNanos + timing.silenceNanos() - context.sureNanos();
            if (left > 0) {
                watch(pull, number, timing, left);
                return;
            }
            if (context.connection().state() == ConnectionState.UP) {
                port.troubled(ErrorCode.UNKNOWN, "the server is silent about a pull");
                port.suspect();
            }
            retire(pull);
            balance();
        });
    }

    private void retire(Pull pull) {
        pull.retire();
        pulls.remove(pull);
    }

    /** Ends every pull with the connection. */
    void disconnected() {
        List.copyOf(pulls).forEach(this::retire);
    }

    private void withdrawAll() {
        pulls.forEach(Pull::withdraw);
        pulls.clear();
    }

    /** Ends every pull for good. */
    void end() {
        ended = true;
        withdrawAll();
    }

    // Something came on the subscription of a pull that was withdrawn.
    private void surplus(Pull pull, MessageFrame frame) {
        AckSubject reply = AckSubject.of(frame, last);
        if (reply != null) {
            context.connection().write(new SurplusNak(port, context, reply, pull.anchorNanos));
        }
    }

    // A pull or its subscription did not get through.
    private void broken(Pull pull, MessagingException why) {
        retire(pull);
        if (why.code() == ErrorCode.CLOSED) {
            return;
        }
        if (why.code() == ErrorCode.NOT_PERMITTED) {
            port.gone(why);
        } else {
            port.troubled(why.code(), "a pull did not get through: " + why.getMessage());
            pause(TROUBLE_NANOS);
        }
    }

    private void pause(long nanos) {
        pausedUntil = context.sureNanos() + nanos;
        context.later(nanos + context.jitter(JITTER_NANOS), this::balance);
    }

    private void came(Pull pull, MessageFrame frame) {
        long now = context.sureNanos();
        pull.heardNanos = now;
        int status = HeaderBlock.status(frame);
        if (status > HeaderBlock.NO_STATUS) {
            told(pull, status, shown(HeaderBlock.statusText(frame)), unsent(frame));
            return;
        }
        AckSubject reply = AckSubject.of(frame, last);
        if (reply == null) {
            context.unexpected(frame.subject());
            return;
        }
        if (pull.open == 0) {
            unasked(pull);
            return;
        }
        last = reply;
        pull.open--;
        taken++;
        Message message = WireMessage.read(frame, topicOf(frame));
        port.came(message, reply, pull.anchorNanos, now);
        balance(now);
    }

    private String topicOf(MessageFrame frame) {
        byte[] head = frame.head();
        if (!Arrays.equals(head, 0, frame.replyStart(), topicBytes, 0, topicBytes.length)) {
            topic = frame.subject();
            topicBytes = Arrays.copyOf(head, frame.replyStart());
        }
        return topic;
    }

    // When a leader that was cut off is back, it and its successor both serve a pull for a moment. It may be of an
    // earlier pull, so that nobody knows how early in its lease it is: it is left to run out.
    private void unasked(Pull pull) {
        if (pull.isFirstUnasked()) {
            port.troubled(ErrorCode.PROTOCOL, "the server handed out more than a pull had asked for");
        }
    }

    private static String shown(String text) {
        return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX);
    }

    // How many deliveries of a pull that has ended were not sent; all that are missing when it does not say.
    private static int unsent(MessageFrame frame) {
        String digits = HeaderBlock.first(frame, UNSENT);
        return digits == null || !COUNT.matcher(digits).matches() ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }

    private void told(Pull pull, int status, String text, int unsent) {
        PullStatus meaning = PullStatus.of(status, text);
        boolean gotNone = pull.isUntouched();
        if (meaning.isEnd()) {
            pull.end(unsent);
        }
        switch (meaning) {
            case ALIVE, COMPLETED -> {}
            case TOO_LARGE -> isTooLarge(gotNone, text);
            case ENDED -> balance();
            case MOVED -> {
                // What was on its way out still comes after that word: no proof that nothing does.
                retire(pull);
                port.moved();
                pause(0);
            }
            case ABSENT -> {
                port.suspect();
                pause(TROUBLE_NANOS);
            }
            case REFUSED -> {
                // Perhaps by a limit that the consumer has by now.
                port.troubled(ErrorCode.REFUSED, "the server does not take a pull: " + text);
                port.suspect();
                pause(TROUBLE_NANOS);
            }
            case DELETED -> port.deleted("was deleted");
            case WRONG ->
                port.gone(JetStreamErrors.cannotBePulled(text, port.spec().name()));
        }
    }

    // What comes next is longer than all that was asked for, or than what was left of it.
    private void isTooLarge(boolean gotNone, String text) {
        if (gotNone && bytesMax >= limits.bytes(Integer.MAX_VALUE)) {
            tooLong(text);
            return;
        }
        bytesMax = gotNone ? limits.bytes(Math.min(2 * bytesMax, Integer.MAX_VALUE)) : bytesMax;
        balance();
    }

    // A message that is longer than the consumer lets anybody ask for is never handed out, and nothing behind it.
    private void tooLong(String text) {
        port.troubled(
                ErrorCode.TOO_LARGE,
                "the next message is longer than the " + limits.bytes() + " bytes for which the consumer lets a pull"
                        + " ask, its max_bytes: " + text);
        port.suspect();
        pause(TROUBLE_NANOS);
    }

    /**
     * Is one delivery subscription, and the pull that is outstanding on it, of which there is at most one: so every
     * delivery has the anchor of its own pull.
     *
     * <pre>
     *   free ── ask ──► asked ── written ──► out ── all that was sent has come ─────────────────► free
     *                     ├────────────────── silence, disconnected: what comes runs out ─────► retired
     *                     `────────────────── withdrawn: what comes is given back ────────────► retired
     * </pre>
     */
    private final class Pull implements MessageHandler {
        private final Subject inbox;
        private @Nullable Subscription subscription;
        // How many deliveries may still come for it, and for how many it asked.
        private int open;
        private int asked;
        private long anchorNanos;
        private long heardNanos;
        private long number;
        private boolean retired;
        private boolean toldUnasked;

        Pull(Subject inbox) {
            this.inbox = inbox;
        }

        boolean isFree() {
            return open == 0 && !retired;
        }

        /** Tells whether nothing came for it yet. */
        boolean isUntouched() {
            return open == asked;
        }

        /** Asks for so many; returns the number by which later looks know this pull from the next one. */
        long ask(int count) {
            open = count;
            asked = count;
            toldUnasked = false;
            return ++number;
        }

        /** Tells whether this is still the pull of that number. */
        boolean isOut(long asked) {
            return number == asked && open > 0 && !retired;
        }

        /** Tells whether what came beyond what was asked for is the first such thing since then. */
        boolean isFirstUnasked() {
            boolean first = !toldUnasked;
            toldUnasked = true;
            return first;
        }

        /**
         * Ends with so many deliveries not sent. With replicas that word may overtake deliveries: when those that were
         * sent have come, the end is proven.
         */
        void end(int unsent) {
            open = Math.max(0, open - unsent);
        }

        /** Takes nothing more: what still comes is left to run out. */
        void retire() {
            end(false);
        }

        /** Takes nothing more: what the server has sent by then is given back. */
        void withdraw() {
            end(open > 0);
        }

        private void end(boolean maySend) {
            retired = true;
            open = 0;
            Subscription present = subscription;
            if (present != null && maySend) {
                present.leave();
            } else if (present != null) {
                present.cancel();
            }
        }

        @Override
        public void message(MessageFrame frame) {
            if (retired) {
                surplus(this, frame);
            } else {
                came(this, frame);
            }
        }

        @Override
        public void failed(MessagingException why) {
            broken(this, why);
        }
    }

    /**
     * Asks for deliveries, with the time for which the server keeps the request. ADR-37, and the pull API of
     * JetStream.
     */
    private final class PullRequest extends PlainPublish {
        private final Pull pull;
        private final long number;
        private final byte[] body;

        PullRequest(Pull pull, long number, PullTiming timing) {
            this.pull = pull;
            this.number = number;
            this.body = ("{\"batch\":" + pull.open + ",\"expires\":" + timing.expiresNanos() + ",\"idle_heartbeat\":"
                            + timing.heartbeatNanos() + ",\"max_bytes\":" + bytesMax + "}")
                    .getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        protected int sizeBytes() {
            return FrameEncoder.publishBytes(next, pull.inbox.bytes(), null, body);
        }

        @Override
        protected int payloadBytes() {
            return body.length;
        }

        @Override
        protected boolean isUrgent() {
            return true;
        }

        @Override
        protected boolean isWanted() {
            return pull.isOut(number);
        }

        @Override
        protected boolean tryWrite() {
            if (!pull.isOut(number)) {
                return false;
            }
            long now = context.sureNanos();
            pull.anchorNanos = now;
            pull.heardNanos = now;
            return true;
        }

        @Override
        protected void encode(ByteBuf out) {
            FrameEncoder.publish(out, next, pull.inbox.bytes(), null, body);
        }

        @Override
        protected void refused(MessagingException why) {
            broken(pull, why);
        }
    }
}
