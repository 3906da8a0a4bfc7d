package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.HeaderBlock;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.Subject;
import io.leasehold.wire.ConnectionState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns credit into pulls: a few delivery subscriptions, at most one pull outstanding on each. On the connection's
 * thread.
 */
final class Pulls {
    private static final byte[] UNSENT = "Nats-Pending-Messages".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern COUNT = Pattern.compile("\\d{1,9}");
    private static final int PULLS_MAX = 4;
    private static final int TEXT_MAX = 128;
    private static final long JITTER_NANOS = 200_000_000L;
    private static final long TROUBLE_NANOS = 1_000_000_000L;

    private final PullPort port;
    private final SessionConnection session;
    private final Subject next;
    private @Nullable AckSubject last;
    private final List<Pull> pulls = new ArrayList<>(PULLS_MAX);
    private long total;
    private long taken;
    private long pausedUntil;
    private long bytesMax;
    private PullLimits limits;
    private boolean ended;

    Pulls(PullPort port, SessionConnection session, ConsumerLife life) {
        this.port = port;
        this.session = session;
        this.next = session.api().subject("CONSUMER.MSG.NEXT." + life.stream() + "." + life.consumer());
        this.pausedUntil = session.sureNanos();
        this.limits = life.limits();
        this.bytesMax = limits.bytes(session.pullBytes());
    }

    /** What the consumer takes of a pull has perhaps changed. */
    void limit(PullLimits told) {
        if (!told.equals(limits)) {
            limits = told;
            bytesMax = told.bytes(session.pullBytes());
        }
    }

    /** Whether pulls are asked for at this subject. */
    boolean askAt(String subject) {
        return next.toString().equals(subject);
    }

    /** How many waited when the last delivery was handed out; -1 before the first. On any thread: it may be old. */
    long pending() {
        AckSubject present = last;
        return present == null ? -1 : present.pending();
    }

    /** So many deliveries may be taken in all. */
    void credit(long newTotal) {
        total = newTotal;
        balance();
    }

    /** One that was taken is not handed out. */
    void giveBack() {
        taken--;
        balance();
    }

    /** Has the pulls follow the credit. */
    void balance() {
        balance(session.sureNanos());
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
            sum += pulls.get(i).open();
        }
        return sum;
    }

    private boolean isIdle(long now) {
        return pulls.stream().noneMatch(pull -> now - pull.heardNanos() < port.leaseNanos() / 4);
    }

    private void ask(int count, boolean idle) {
        Pull free = freePull();
        if (free == null) {
            return;
        }
        PullTiming rhythm =
                limits.rhythm(idle ? PullTiming.idle(port.leaseNanos()) : PullTiming.busy(port.leaseNanos()));
        long number = free.ask(limits.batch(count));
        session.connection().write(new PullRequest(this, free, number, next, rhythm));
        watch(free, number, rhythm, rhythm.silenceNanos());
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
        Pull fresh = new Pull(this, session.connection().newInbox());
        fresh.listen(session.connection());
        pulls.add(fresh);
        return fresh;
    }

    // A pull that is neither answered nor shown to be there is given up: its end is not proven.
    private void watch(Pull pull, long number, PullTiming rhythm, long nanos) {
        session.later(nanos, () -> {
            if (!pull.isOut(number) || ended) {
                return;
            }
            long left = pull.heardNanos() + rhythm.silenceNanos() - session.sureNanos();
            if (left > 0) {
                watch(pull, number, rhythm, left);
                return;
            }
            if (session.connection().state() == ConnectionState.UP) {
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

    /** For how many bytes a pull may ask. */
    long bytesMax() {
        return bytesMax;
    }

    /** The connection has ended, and every pull with it. */
    void disconnected() {
        List.copyOf(pulls).forEach(this::retire);
    }

    private void withdrawAll() {
        pulls.forEach(Pull::withdraw);
        pulls.clear();
    }

    /** For good. */
    void end() {
        ended = true;
        withdrawAll();
    }

    /** Something came on the subscription of a pull that was withdrawn. */
    void surplus(Pull pull, MessageFrame frame) {
        AckSubject reply = AckSubject.of(frame, last);
        if (reply != null) {
            session.connection().write(new SurplusNak(port, reply, pull.anchorNanos()));
        }
    }

    /** A pull is about to be written: false when it is not wanted any more. */
    boolean writes(Pull pull, long number) {
        if (!pull.isOut(number)) {
            return false;
        }
        pull.written(session.sureNanos());
        return true;
    }

    /** A pull or its subscription did not get through. */
    void broken(Pull pull, MessagingException why) {
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
        pausedUntil = session.sureNanos() + nanos;
        session.later(nanos + session.jitter(JITTER_NANOS), this::balance);
    }

    /** Something came on the subscription of a pull. */
    void came(Pull pull, MessageFrame frame) {
        long now = session.sureNanos();
        pull.heard(now);
        int status = HeaderBlock.status(frame);
        if (status > HeaderBlock.NO_STATUS) {
            told(pull, status, shown(HeaderBlock.statusText(frame)), unsent(frame));
            return;
        }
        AckSubject reply = AckSubject.of(frame, last);
        if (reply == null) {
            session.unexpected(frame.subject());
            return;
        }
        if (pull.open() == 0) {
            unasked(pull);
            return;
        }
        last = reply;
        pull.arrived();
        taken++;
        port.came(frame, reply, pull.anchorNanos(), now);
        balance(now);
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
                port.gone(new MessagingException(
                        ErrorCode.GROUP_MISMATCH,
                        "the consumer cannot be pulled from: " + text,
                        port.spec().name(),
                        "use a pull consumer with explicit acks"));
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
}
