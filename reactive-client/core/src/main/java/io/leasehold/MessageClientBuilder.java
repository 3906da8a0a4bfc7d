package io.leasehold;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.broker.Broker;
import io.leasehold.broker.BrokerSession;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.PublishPort;
import io.leasehold.broker.SessionContext;
import io.leasehold.consume.ConsumeContext;
import io.leasehold.consume.ConsumeStage;
import io.leasehold.consume.Consumers;
import io.leasehold.consume.StagePair;
import io.leasehold.diagnostics.Diagnostics;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.error.BrokerFaults;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.CallerContext;
import io.leasehold.event.LogContext;
import io.leasehold.event.LoggingRecorder;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.event.Recorder;
import io.leasehold.message.Codecs;
import io.leasehold.observation.ThreadLocals;
import io.leasehold.pace.FatalErrors;
import io.leasehold.publish.PublishContext;
import io.leasehold.publish.PublishSettings;
import io.leasehold.publish.PublishStage;
import io.leasehold.publish.Publishing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Configures a {@link MessageClient}. Not safe for use by many threads. What is added costs a line each:
 *
 * <pre>{@code
 * MessageClient client = MessageClient.builder()
 *         .broker(broker)
 *         .recorder(MeterRecorder.of(meterRegistry))                   // meters
 *         .stage(Resilience.publishing(rateLimiter))
 *         .stage(Resilience.consuming(circuitBreaker))
 *         .stages(ObservationStages.of(observationRegistry))           // timers and traces, nearest to the handler
 *         .build();
 * }</pre>
 *
 * <p>Stages are passed in the order in which they are added, and left in the opposite one; recorders are told in
 * their order.
 */
@CanIgnoreReturnValue
public final class MessageClientBuilder {
    /** How many stages a publish may pass, and how many a run. */
    public static final int STAGES_MAX = 100;

    // What a client keeps apart from the threads that are lent to it.
    private static final CallerContext CALLERS = ThreadLocals.with(LogContext.INSTANCE);

    private final List<PublishStage> publishStages = new ArrayList<>();
    private final List<ConsumeStage> consumeStages = new ArrayList<>();
    private @Nullable Broker broker;
    private @Nullable String unnamed = "name one with MessageClientBuilder.broker(..)";
    private boolean logging = true;
    private String name = "client-" + UUID.randomUUID().toString().substring(0, 8);
    private Codecs codecs = Codecs.builtIn();
    private PublishSettings publishSettings = PublishSettings.defaults();
    private final List<Recorder> recorders = new ArrayList<>();
    private @Nullable Scheduler time;
    private @Nullable Scheduler user;
    private @Nullable Scheduler cancel;

    MessageClientBuilder() {}

    /** The broker; default an embedded one of its own, of which a WARN says that it keeps nothing. */
    public MessageClientBuilder broker(Broker used) {
        broker = used;
        unnamed = null;
        return this;
    }

    /**
     * The broker where nobody has asked for one by name, instead of the one that the client would make. When it keeps
     * nothing beyond the process, a WARN says so.
     *
     * @param remedy what that line says to do about it, one clause: how to name another one
     */
    public MessageClientBuilder defaultBroker(Broker used, String remedy) {
        broker = used;
        unnamed = remedy;
        return this;
    }

    /**
     * Whether each event is a line of the log {@value LoggingRecorder#LOGGER}; default true. See {@link
     * LoggingRecorder}. Switch it off to write lines of your own by a {@link #recorder}.
     */
    public MessageClientBuilder logging(boolean on) {
        logging = on;
        return this;
    }

    /** The name of this instance, for people and telemetry; default {@code client-} and a random number. */
    public MessageClientBuilder name(String instance) {
        if (instance.isBlank() || instance.length() > 128) {
            throw new MessagingException(
                    ErrorCode.BAD_SETTING, "is blank or longer than 128", "name", "give the instance a short name");
        }
        name = instance;
        return this;
    }

    /** Codecs that are asked before the built-in ones (bytes, text, messages). */
    public MessageClientBuilder codecs(Codecs more) {
        codecs = more.orElse(codecs);
        return this;
    }

    /** How publishing is bounded and repeated. */
    public MessageClientBuilder publishing(PublishSettings settings) {
        publishSettings = settings;
        return this;
    }

    /** One more recorder that everything is reported to; what one of them throws does not keep others from it. */
    public MessageClientBuilder recorder(Recorder to) {
        recorders.add(to);
        return this;
    }

    /**
     * Adds a step that each publish passes; at most {@value #STAGES_MAX} of them.
     *
     * @throws MessagingException {@code BAD_SETTING} when there are as many already
     */
    public MessageClientBuilder stage(PublishStage stage) {
        add(publishStages, stage);
        return this;
    }

    /**
     * Adds a step that each run passes; at most {@value #STAGES_MAX} of them.
     *
     * @throws MessagingException {@code BAD_SETTING} when there are as many already
     */
    public MessageClientBuilder stage(ConsumeStage stage) {
        add(consumeStages, stage);
        return this;
    }

    private static <S> void add(List<S> stages, S stage) {
        if (stages.size() == STAGES_MAX) {
            throw MessagingException.badSetting("stages", STAGES_MAX + 1, "at most " + STAGES_MAX);
        }
        stages.add(stage);
    }

    /** Adds a step that each run passes, and one that each publish passes. */
    public MessageClientBuilder stages(StagePair pair) {
        return stage(pair.consuming()).stage(pair.publishing());
    }

    /** The clock, the keeper and all timers; default a thread of its own. Never user code. */
    public MessageClientBuilder timeScheduler(Scheduler scheduler) {
        time = scheduler;
        return this;
    }

    /** Where user code runs; default {@code Schedulers.parallel()}. */
    public MessageClientBuilder userScheduler(Scheduler scheduler) {
        user = scheduler;
        return this;
    }

    /** Where cancels run; default up to 64 threads of its own. */
    public MessageClientBuilder cancelScheduler(Scheduler scheduler) {
        cancel = scheduler;
        return this;
    }

    /**
     * A client that is ready to use; it connects by itself. Starts threads, and a builder may wait for random
     * numbers of the system: do this where blocking is allowed.
     *
     * @throws io.leasehold.error.MessagingException {@code BAD_SETTING} for what can never work, such as files of
     *     certificates that are missing; {@code PROTOCOL} for a broker that does not give what a client needs
     */
    @CheckReturnValue
    public MessageClient build() {
        Scheduler answers = user == null ? Schedulers.parallel() : user;
        Diagnostics diagnostics = new Diagnostics(name, answers, recorders, logging ? new LoggingRecorder(name) : null);
        Recorder recorder = diagnostics.recorder();
        ClientThreads threads = new ClientThreads(name, time, user, cancel, recorder, CALLERS);
        diagnostics.read(threads.ticker(), threads.time());
        Broker used = broker == null ? ownBroker(threads) : broker;
        tellOf(used, recorder);
        Opened opened = open(used, threads, recorder);
        BrokerSession session = opened.session();
        Publishing publishing = Publishing.open(new PublishContext(
                opened.publishing(),
                opened.repeats() != Capabilities.Repeats.NONE,
                publishSettings,
                codecs,
                threads.ticker(),
                threads.time(),
                threads.users(),
                recorder,
                publishStages,
                callers()));
        ConsumeContext context = new ConsumeContext(
                session,
                threads.keeper(),
                publishing.publisher(),
                codecs,
                threads.users(),
                threads.time(),
                recorder,
                consumeStages,
                CALLERS);
        Consumers consumers = new Consumers(context);
        diagnostics.watch(threads.ticker(), consumers, publishing, session);
        return new MessageClient(diagnostics, session, publishing, consumers, threads);
    }

    // Where only our own code is called on the thread of another caller, nothing needs to be kept from it.
    private CallerContext callers() {
        boolean others = !publishStages.isEmpty() || !recorders.isEmpty();
        return others ? CALLERS : CallerContext.NONE;
    }

    // Before the session is opened: what a session tells comes after what it is a session of.
    private void tellOf(Broker used, Recorder recorder) {
        Map<String, Object> facts = Map.of("broker", used.name(), "at", used.description());
        recorder.event(new MessagingEvent(Kind.STARTED, name, null, facts));
        if (unnamed != null && used.isVolatile()) {
            String what = "nobody named a broker, and this one keeps nothing: what it holds is lost at exit";
            recorder.event(MessagingEvent.of(Kind.ADVICE, used.name(), null, what, unnamed));
        }
    }

    private record Opened(BrokerSession session, PublishPort publishing, Capabilities.Repeats repeats) {
        /** Asks a session for what a client needs; closes one that does not give it. */
        static Opened of(BrokerSession session, String broker) {
            try {
                PublishPort port = BrokerFaults.require(session.publishing(), "where publishes go", broker);
                Capabilities can = BrokerFaults.require(session.capabilities(), "its capabilities", broker);
                return new Opened(session, port, can.repeats());
            } catch (Throwable refused) {
                Mono.defer(session::close).onErrorComplete().subscribe();
                throw refused;
            }
        }
    }

    // What refuses the settings, or gives nothing, leaves no threads behind.
    private Opened open(Broker used, ClientThreads threads, Recorder recorder) {
        try {
            BrokerSession session = used.open(
                    new SessionContext(name, threads.ticker(), threads.time(), recorder, publishSettings.timeout()));
            return Opened.of(BrokerFaults.require(session, "a session", used.name()), used.name());
        } catch (Throwable refused) {
            threads.dispose();
            FatalErrors.handOn(refused);
            throw BrokerFaults.named(refused, used.name());
        }
    }

    private static Broker ownBroker(ClientThreads threads) {
        EmbeddedBroker own = EmbeddedBroker.create();
        threads.onDispose(own::shutdown);
        return own;
    }
}
