package io.leasehold.nats.jetstream;

import io.leasehold.broker.RetentionSpec;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.Recorder;
import io.leasehold.message.Message;
import io.leasehold.message.Retention;
import io.leasehold.message.TopicFilter;
import io.leasehold.nats.protocol.MessageFrame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Finds and makes the streams that keep what is published. A stream that is made here keeps the family of its topics:
 * all those with the same first token, {@code quakes} and {@code quakes.>}, and is called like it. Where others keep
 * some of the family already, and where bounds are meant for some topics alone, a stream keeps just these.
 */
final class StreamProvisioning {
    private static final int REPLICAS_SUITING = 3;
    private static final int TRIES_SUITING = 8;

    // No peers, not clustered, no tier of the account, no room: fewer replicas may be possible.
    private static final Set<Integer> TOO_MANY_REPLICAS =
            Set.of(ApiErrors.NO_SUITABLE_PEERS, 10074, 10120, 10023, 10028, 10047);

    // What Reactor takes for infinite; of any other time it keeps a timer, and with it everything of a closed client.
    private static final Duration FOR_EVER = Duration.ofMillis(Long.MAX_VALUE);

    private final JetStreamApi api;
    private final StreamSettings settings;
    private final StreamRegistry registry;
    private final Recorder recorder;
    private final Duration publishTimeout;
    private final BooleanSupplier clustered;
    private volatile Mono<Void> provisioned;

    /**
     * Makes the streams of a connection.
     *
     * @param publishTimeout for how long a publish may be repeated; zero when nobody knows
     * @param clustered whether the server belongs to a cluster
     */
    StreamProvisioning(
            JetStreamApi api,
            StreamSettings settings,
            StreamRegistry registry,
            Recorder recorder,
            Duration publishTimeout,
            BooleanSupplier clustered) {
        this.api = api;
        this.settings = settings;
        this.registry = registry;
        this.recorder = recorder;
        this.publishTimeout = publishTimeout;
        this.clustered = clustered;
        this.provisioned = provision();
    }

    // ---- what there is

    /** Returns the names of the streams that keep some of a filter. */
    Mono<List<String>> keeping(String filter) {
        return api.require("STREAM.NAMES", Map.of("subject", filter)).map(answer -> answer.texts("streams"));
    }

    /** Returns what a stream is like; errors with {@link ErrorCode#NO_GROUP} when it is not there. */
    Mono<StreamInfo> look(String name) {
        return api.require("STREAM.INFO." + name, null).map(StreamInfo::of).doOnNext(this::note);
    }

    private void note(StreamInfo facts) {
        if (!registry.note(facts)) {
            return;
        }
        if (facts.confirmsNothing()) {
            differs(
                    facts.name(),
                    ErrorCode.UNKNOWN,
                    "the stream has no_ack: it stores what is published and confirms none of it, so every publish ends"
                            + " unknown",
                    "set no_ack of the stream to false");
        }

        Duration window = facts.duplicateWindow();
        if (window.compareTo(publishTimeout) < 0) {
            differs(
                    facts.name(),
                    ErrorCode.BAD_SETTING,
                    "the stream knows ids for " + window + ", and a publish is repeated for " + publishTimeout
                            + ": what is repeated later may be stored twice",
                    "give the stream a longer duplicate window, or publishes a shorter timeout");
        }
    }

    /** Reports that what is there at the server is not as the settings have it, and is used as it is. */
    void differs(String subject, ErrorCode code, String what, String remedy) {
        recorder.event(MessagingEvent.of(MessagingEvent.Kind.BROKER_DIFFERS, subject, code, what, remedy));
    }

    /** Looks at a stream that confirmed a publish, when nobody has done so before. */
    void met(String name) {
        if (registry.known(name) == null) {
            beside(look(name));
        }
    }

    // Nobody waits for it, and it may not be permitted.
    private static void beside(Mono<?> task) {
        task.subscribe(told -> {}, untold -> {});
    }

    /** Returns a message of a stream; errors when it is not there any more. */
    Mono<Message> message(String stream, long sequence) {
        return api.require("STREAM.MSG.GET." + stream, Map.of("seq", sequence))
                .map(answer -> stored(answer.part("message")));
    }

    private static Message stored(ApiResponse told) {
        Base64.Decoder decoder = Base64.getDecoder();
        byte[] subject = told.text("subject").getBytes(StandardCharsets.UTF_8);
        MessageFrame frame =
                MessageFrame.of(subject, decoder.decode(told.text("hdrs")), decoder.decode(told.text("data")));
        return WireMessage.read(frame, frame.subject());
    }

    // ---- what there has to be

    /** Completes when the streams that the settings name are there; lazy, and tried again after an error. */
    Mono<Void> provisioned() {
        return provisioned;
    }

    /** Looks anew, over the next connection, for what the settings name. */
    void reconnected() {
        provisioned = provision();
        if (!settings.named().isEmpty()) {
            provisioned.subscribe(
                    nothing -> {},
                    refused -> recorder.event(MessagingEvent.because(
                            MessagingEvent.Kind.BROKER_DIFFERS, "leasehold.nats.streams", refused)));
        }
    }

    private Mono<Void> provision() {
        return Flux.fromIterable(settings.named())
                .concatMap(this::provide)
                .then()
                .cache(any -> FOR_EVER, error -> Duration.ZERO, () -> FOR_EVER);
    }

    private Mono<StreamInfo> provide(StreamSpec spec) {
        registry.want(spec);
        return look(spec.name())
                .doOnNext(facts -> requireSubjects(facts, spec))
                .doOnNext(facts -> compare(facts, spec))
                .onErrorResume(
                        error -> MessagingException.codeOf(error) == ErrorCode.NO_GROUP, missing -> make(spec, false));
    }

    private static void requireSubjects(StreamInfo facts, StreamSpec spec) {
        if (!facts.keepsExactly(spec.subjects())) {
            throw JetStreamErrors.otherSubjects(facts.subjects(), spec);
        }
    }

    private void compare(StreamInfo facts, StreamSpec spec) {
        Map<String, Object> others = differences(facts, spec);
        if (!others.isEmpty()) {
            differs(
                    spec.name(),
                    ErrorCode.GROUP_MISMATCH,
                    "the stream exists with " + others,
                    "change the stream, or the settings; it is used as it is");
        }
    }

    private static Map<String, Object> differences(StreamInfo facts, StreamSpec spec) {
        Map<String, Object> wanted = new LinkedHashMap<>();
        put(wanted, "max_msgs", spec.maxMessages());
        put(wanted, "max_bytes", spec.maxBytes());
        put(wanted, "max_age", spec.maxAge() == null ? null : spec.maxAge().toNanos());
        Map<String, Object> others = new LinkedHashMap<>();
        wanted.forEach((key, value) -> {
            long told = facts.config().number(key, 0);
            if (!value.equals(told)) {
                others.put(key, told);
            }
        });

        return others;
    }

    private static void put(Map<String, Object> map, String key, @Nullable Object value) {
        if (value != null) {
            map.put(key, value);
        }
    }

    /** Returns the name of the stream that a group of this filter consumes; made when that is wanted. */
    Mono<String> of(TopicFilter filter) {
        return provisioned()
                .then(keeping(filter.toString()))
                .flatMap(found -> found.isEmpty() ? makeFamily(filter) : one(found, filter));
    }

    private Mono<String> one(List<String> found, TopicFilter filter) {
        if (found.size() > 1) {
            return Mono.error(JetStreamErrors.severalKeep(found, filter.toString()));
        }

        String name = found.get(0);
        StreamInfo known = registry.known(name);
        if (known == null || !known.keepsAll(filter)) {
            beside(look(name).doOnNext(facts -> tellPart(facts, filter)));
        }

        return Mono.just(name);
    }

    private void tellPart(StreamInfo facts, TopicFilter filter) {
        if (!facts.keepsAll(filter)) {
            differs(
                    facts.name(),
                    ErrorCode.GROUP_MISMATCH,
                    "of " + filter + " the stream keeps " + facts.subjects() + " alone",
                    "add the others to its subjects, or choose a narrower filter");
        }
    }

    /** Sees to it that topics are kept; a retention for some topics never bounds others. */
    Mono<Void> declare(RetentionSpec spec) {
        TopicFilter filter = spec.filter();
        Retention retention = spec.retention();
        return provisioned()
                .then(keeping(filter.toString()))
                .flatMap(found ->
                        retention.isExact() ? declareExactly(found, filter, retention) : declareUsual(found, filter))
                .then();
    }

    private Mono<String> declareUsual(List<String> found, TopicFilter filter) {
        if (found.isEmpty()) {
            boolean dropped = settings.retention() == StreamSettings.Retention.INTEREST;
            return dropped ? makeAlone(limited(filter).build()) : makeFamily(filter);
        }
        found.forEach(name -> beside(look(name).doOnNext(facts -> tellInterest(facts, filter))));

        return Mono.just(found.get(0));
    }

    private void tellInterest(StreamInfo facts, TopicFilter filter) {
        if (facts.keepsByInterest()) {
            differs(
                    facts.name(),
                    ErrorCode.NO_GROUP,
                    "what is published to " + filter + " is confirmed and dropped while no group consumes it: the"
                            + " stream keeps by interest",
                    "choose a topic of another stream, or start a group of it first");
        }
    }

    private Mono<String> declareExactly(List<String> found, TopicFilter filter, Retention retention) {
        StreamSpec spec = limited(filter)
                .maxMessages(retention.messagesMax())
                .maxBytes(retention.bytesMax())
                .build();

        return switch (found.size()) {
            case 0 -> makeAlone(spec);
            case 1 ->
                look(found.get(0)).doOnNext(facts -> requireBounds(facts, spec)).map(StreamInfo::name);
            default -> Mono.error(JetStreamErrors.severalKeep(found, filter.toString()));
        };
    }

    private static StreamSpec.Builder limited(TopicFilter filter) {
        return StreamNames.alone(filter).mutate().retention(StreamSettings.Retention.LIMITS);
    }

    private static void requireBounds(StreamInfo facts, StreamSpec spec) {
        if (!facts.keepsExactly(spec.subjects())) {
            throw JetStreamErrors.boundsOthers(facts.name(), facts.subjects(), spec);
        }
        Map<String, Object> others = differences(facts, spec);
        if (!others.isEmpty()) {
            throw JetStreamErrors.otherBounds(facts.name(), others);
        }
    }

    /** Looks at what keeps a topic to which publishes are not answered: something may be told of it. */
    void lookAtSilent(String topic) {
        beside(keeping(topic)
                .flatMapMany(Flux::fromIterable)
                .concatMap(this::look)
                .then());
    }

    /** Tells whether a stream keeps a topic; one that is to be there, and is not, is made again. */
    Mono<Boolean> keeps(String topic) {
        return provisioned().then(keeping(topic)).flatMap(found -> {
            if (!found.isEmpty()) {
                return Mono.just(true);
            }
            return Mono.justOrEmpty(registry.wantedFor(TopicFilter.of(topic)))
                    .filter(spec -> settings.policy() == StreamSettings.Policy.CREATE)
                    .flatMap(spec -> make(spec, false))
                    .hasElement();
        });
    }

    // ---- making

    private Mono<String> makeFamily(TopicFilter filter) {
        return Mono.defer(() -> {
            StreamSpec family = StreamNames.family(filter);
            registry.want(family);
            return make(family, true)
                    .switchIfEmpty(Mono.defer(() -> make(StreamNames.alone(filter), false)))
                    .map(facts -> requireSome(facts, filter));
        });
    }

    private Mono<String> makeAlone(StreamSpec spec) {
        registry.want(spec);
        return make(spec, false).map(StreamInfo::name);
    }

    private static String requireSome(StreamInfo facts, TopicFilter filter) {
        if (!facts.keepsSome(filter)) {
            throw JetStreamErrors.nothingOfFilter(facts.name(), facts.subjects(), filter.toString());
        }
        return facts.name();
    }

    /**
     * Makes a stream, or finds the one that another instance has made a little earlier.
     *
     * @param mayOverlap completes empty, instead of with an error, when others keep some of its topics
     */
    private Mono<StreamInfo> make(StreamSpec spec, boolean mayOverlap) {
        if (settings.policy() != StreamSettings.Policy.CREATE) {
            return Mono.error(JetStreamErrors.noStreamMayBeMade(spec));
        }

        int level = settings.features().stream()
                .mapToInt(StreamSettings.Feature::level)
                .max()
                .orElse(0);
        return api.requireLevel(level, "nats.streams.features " + settings.features())
                .then(Mono.defer(this::room))
                .flatMap(room -> {
                    Integer own = spec.replicas();
                    int wanted = own == null ? settings.replicas() : own;
                    boolean suiting = wanted == StreamSettings.SUITING && clustered.getAsBoolean();
                    int replicas = suiting ? REPLICAS_SUITING : Math.max(1, wanted);
                    return create(spec, room, replicas, suiting, mayOverlap);
                });
    }

    // Not every user may ask for it.
    private Mono<AccountLimits> room() {
        return api.askOnce("INFO").map(AccountLimits::new).onErrorReturn(AccountLimits.UNTOLD);
    }

    private Mono<StreamInfo> create(
            StreamSpec spec, AccountLimits room, int replicas, boolean mayHaveFewer, boolean mayOverlap) {
        Map<String, Object> config = config(spec, room, replicas);
        int tries = mayHaveFewer ? TRIES_SUITING : JetStreamApi.TRIES_IN_VAIN;
        return api.ask("STREAM.CREATE." + spec.name(), config, tries).flatMap(answer -> {
            int error = answer.errorCode();
            if (mayHaveFewer && TOO_MANY_REPLICAS.contains(error)) {
                return create(spec, room, 1, false, mayOverlap);
            }
            if (error == ApiErrors.STREAM_NAME_EXISTS) {
                return look(spec.name());
            }
            if (error == ApiErrors.SUBJECTS_OVERLAP && mayOverlap) {
                return Mono.empty();
            }
            if (answer.isError()) {
                return Mono.error(answer.error(spec.name() + " " + spec.subjects()));
            }
            ConfigCheck.require(config, answer.part("config"), "stream " + spec.name());
            StreamInfo made = StreamInfo.of(answer);
            note(made);
            recorder.event(new MessagingEvent(MessagingEvent.Kind.STREAM_MADE, made.name(), null, told(config)));
            return Mono.just(made);
        });
    }

    private Map<String, Object> config(StreamSpec spec, AccountLimits room, int replicas) {
        Duration age = or(spec.maxAge(), settings.maxAge());
        Duration window = or(spec.duplicateWindow(), settings.duplicateWindow());
        boolean limited = age.compareTo(Duration.ZERO) > 0 && window.compareTo(age) > 0;
        StreamSettings.Retention retention = or(spec.retention(), settings.retention());
        StreamSettings.Storage storage = or(spec.storage(), settings.storage());
        Long bytes = spec.maxBytes();
        OptionalLong chosen = bytes == null ? room.bytesFor(storage, replicas) : OptionalLong.of(bytes);
        boolean allIsWaitedFor = retention != StreamSettings.Retention.LIMITS && bytes == null && chosen.isPresent();
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("name", spec.name());
        config.put("subjects", spec.subjects());
        config.put("retention", retention.word());
        config.put("storage", storage.name().toLowerCase(Locale.ROOT));
        config.put("num_replicas", replicas);
        config.put("max_age", age.toNanos());
        config.put("duplicate_window", (limited ? age : window).toNanos());
        config.put("discard", allIsWaitedFor ? "new" : "old");
        settings.features().forEach(feature -> config.put(feature.key(), true));
        put(config, "max_msgs", spec.maxMessages());
        chosen.ifPresent(most -> config.put("max_bytes", most));

        return config;
    }

    private static <V> V or(@Nullable V own, V usual) {
        return own == null ? usual : own;
    }

    private static boolean isTime(String key) {
        return key.equals("max_age") || key.equals("duplicate_window");
    }

    private static Map<String, Object> told(Map<String, Object> config) {
        Map<String, Object> told = new LinkedHashMap<>(config);
        told.remove("name");
        told.replaceAll((key, value) -> value instanceof Long nanos && isTime(key) ? Duration.ofNanos(nanos) : value);
        told.putIfAbsent("max_bytes", "none");
        return told;
    }
}
