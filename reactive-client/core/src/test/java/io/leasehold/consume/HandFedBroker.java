package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.Broker;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.DeliveryPort;
import io.leasehold.broker.DeliverySink;
import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.Handout;
import io.leasehold.broker.PublishItem;
import io.leasehold.broker.PublishPort;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.broker.SessionContext;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.Settlement;
import io.leasehold.lease.Ticker;
import io.leasehold.lease.TouchItem;
import io.leasehold.message.Message;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * A broker that delivers what the test feeds it, credit or not, in any order, and notes what comes back. It confirms
 * all settlements and touches, unless it is told not to.
 */
final class HandFedBroker implements Broker, BrokerSession, PublishPort, DeliveryPort {
    static final Duration T = Duration.ofSeconds(10);

    final List<Settled> settled = new ArrayList<>();
    final List<Object> touched = new ArrayList<>();
    final List<Long> credits = new ArrayList<>();
    private final boolean tokens;
    private Ticker ticker;
    private DeliverySink sink;
    private int answered;
    private boolean stopped;
    private final List<SettleItem> unanswered = new ArrayList<>();
    private boolean answers = true;
    private boolean answersSettlements = true;
    private final Map<Call, Throwable> thrownOnce = new EnumMap<>(Call.class);
    private final Map<Call, Throwable> thrownAlways = new EnumMap<>(Call.class);
    private boolean twice;
    private Capabilities capabilities = Capabilities.fenced().duplicateWindow(Duration.ofMinutes(2));
    private Duration unheard = Duration.ZERO;
    private ErrorCode refusesPublishes;
    private LeaseLoss refusal;
    private long sequence = 1;

    private HandFedBroker(boolean tokens) {
        this.tokens = tokens;
    }

    static HandFedBroker withTokens() {
        return new HandFedBroker(true);
    }

    static HandFedBroker withoutTokens() {
        return new HandFedBroker(false);
    }

    /** What may throw. */
    enum Call {
        PUBLISHING,
        PUBLISH,
        DELIVERIES,
        DECLARE,
        CREDIT,
        WAITING,
        BACKLOG,
        SETTLE,
        /** Throws when a settlement was written. */
        SETTLE_WRITTEN,
        TOUCH,
        ABORT,
        STOP
    }

    /** Throws at the next such call. */
    void throwsOnce(Call call, Throwable thrown) {
        thrownOnce.put(call, thrown);
    }

    /** Throws at each such call from now on. */
    void throwsAlways(Call call, Throwable thrown) {
        thrownAlways.put(call, thrown);
    }

    /** Throws at no such call from now on. */
    void throwsNoMore(Call call) {
        thrownAlways.remove(call);
    }

    private void called(Call call) {
        Throwable thrown = thrownOnce.remove(call);
        Throwable again = thrown == null ? thrownAlways.get(call) : thrown;
        if (again != null) {
            raise(again);
        }
    }

    private static void raise(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }

    /** Answers everything twice from now on. */
    void answersTwice() {
        twice = true;
    }

    /** A settlement that was written. */
    record Settled(Object ref, int deliveryCount, SettleVerb verb, long delayNanos, boolean release) {}

    /** Answers no publish, no settlement, no touch and no close from now on. */
    void fallSilent() {
        answers = false;
    }

    /** Answers no settlement from now on, and everything else. */
    void keepsAnswersOfSettlements() {
        answersSettlements = false;
    }

    /** Says that it can do so much; before a client is made. */
    void can(Capabilities so) {
        capabilities = so;
    }

    /** Answers again from now on. */
    void speakAgain() {
        answers = true;
    }

    /** Does now what it was asked while it was silent. */
    void answer() {
        List<SettleItem> open = List.copyOf(unanswered);
        unanswered.clear();
        open.forEach(SettleItem::done);
    }

    /** Refuses every touch from now on. */
    void refuseTouches(LeaseLoss why) {
        refusal = why;
    }

    /** Refuses every publish from now on. */
    void refusePublishes() {
        refusesPublishes(ErrorCode.NOT_PERMITTED);
    }

    /** Refuses every publish with a code from now on; null takes them. */
    void refusesPublishes(ErrorCode code) {
        refusesPublishes = code;
    }

    /** Says from now on for how long it was not heard. */
    void unheardFor(Duration time) {
        unheard = time;
    }

    /** A delivery of a message, newer than all before. */
    Fed feed(String ref, int deliveryCount) {
        return feed(ref, deliveryCount, sequence++);
    }

    /** A delivery with a token of the test's choice. */
    Fed feed(String ref, int deliveryCount, long token) {
        Fed fed = new Fed(this, ref, deliveryCount, tokens ? new FencingToken(1, token) : null, ticker.nanos());
        sink.delivered(fed);
        return fed;
    }

    DeliverySink sink() {
        return sink;
    }

    /** How many more deliveries are asked for than were fed with {@link #feed}. */
    long credit() {
        return credits.isEmpty() ? 0 : credits.get(credits.size() - 1);
    }

    boolean isStopped() {
        return stopped;
    }

    int answered() {
        return answered;
    }

    List<SettleVerb> verbsOf(Object ref) {
        return settled.stream()
                .filter(one -> one.ref().equals(ref))
                .map(Settled::verb)
                .toList();
    }

    record Fed(HandFedBroker broker, Object ref, int deliveryCount, FencingToken token, long anchorNanos)
            implements Handout {
        @Override
        public long touchByNanos() {
            return Long.MAX_VALUE;
        }

        @Override
        public Message message() {
            return Message.to("quakes.nc").id("id-" + ref).key("key of " + ref).body(ref.toString());
        }

        @Override
        public int releases() {
            return 0;
        }

        @Override
        public Settlement settlement() {
            return broker;
        }

        @Override
        public Object receipt() {
            return this;
        }

        @Override
        public LeaseTime leaseTime() {
            return LeaseTime.renewable(T);
        }
    }

    @Override
    public String name() {
        return "hand-fed";
    }

    @Override
    public BrokerSession open(SessionContext context) {
        ticker = context.ticker();
        return this;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Duration smoothedRoundTrip() {
        return Duration.ZERO;
    }

    @Override
    public Duration unheard() {
        return unheard;
    }

    @Override
    public PublishPort publishing() {
        called(Call.PUBLISHING);
        return this;
    }

    @Override
    public DeliveryPort deliveries(GroupSpec group, DeliverySink newSink) {
        called(Call.DELIVERIES);
        sink = newSink;
        stopped = false;
        return this;
    }

    @Override
    public Mono<Void> declare(RetentionSpec retention) {
        called(Call.DECLARE);
        return Mono.empty();
    }

    @Override
    public Mono<Boolean> deleteGroup(TopicFilter filter, String group) {
        return Mono.just(filter.toString().equals("quakes.>"));
    }

    @Override
    public Mono<Void> close() {
        return answers ? Mono.empty() : Mono.never();
    }

    @Override
    public void publish(PublishItem item) {
        called(Call.PUBLISH);
        if (!item.tryWrite() || !answers) {
            return;
        }
        if (refusesPublishes == null) {
            item.confirmed(1, false);
            if (twice) {
                item.confirmed(1, false);
            }
        } else {
            item.failed(new MessagingException(refusesPublishes, "not here", "hand-fed", "none"));
        }
    }

    @Override
    public void credit(long total) {
        called(Call.CREDIT);
        credits.add(total);
    }

    @Override
    public long waiting() {
        called(Call.WAITING);
        return 0;
    }

    @Override
    public Mono<Long> backlog() {
        called(Call.BACKLOG);
        return Mono.just(0L);
    }

    @Override
    public void stop() {
        called(Call.STOP);
        stopped = true;
    }

    @Override
    public void settle(List<? extends SettleItem> items) {
        called(Call.SETTLE);
        for (SettleItem item : items) {
            if (item.tryWrite()) {
                Fed fed = (Fed) item.receipt();
                settled.add(
                        new Settled(fed.ref(), fed.deliveryCount(), item.verb(), item.delayNanos(), item.isRelease()));
                called(Call.SETTLE_WRITTEN);
                item.written();
                answer(item);
            }
        }
    }

    private void answer(SettleItem item) {
        if (answers && answersSettlements) {
            answered++;
            item.done();
            if (twice) {
                item.done();
            }
        } else {
            unanswered.add(item);
        }
    }

    @Override
    public void touch(List<? extends TouchItem> items) {
        called(Call.TOUCH);
        for (TouchItem item : items) {
            if (item.tryWrite()) {
                touched.add(((Fed) item.receipt()).ref());
                answer(item);
            }
        }
    }

    private void answer(TouchItem item) {
        if (refusal != null) {
            item.refused(refusal);
        } else if (answers) {
            item.confirmed(0);
            if (twice) {
                item.confirmed(0);
            }
        }
    }

    @Override
    public void abort() {
        called(Call.ABORT);
        assertThat(capabilities.isFenced())
                .as("a broker that checks tokens is never aborted")
                .isFalse();
    }
}
