package io.leasehold.nats.jetstream;

import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.StartPosition;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.LeaseTime;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Finds, makes and deletes the consumers that groups are at the server. */
final class ConsumerProvisioning {
    private static final int WAITING_MAX = 4096;

    private final JetStreamApi api;
    private final StreamProvisioning streams;
    private final StreamSettings settings;
    private final StreamRegistry registry;

    ConsumerProvisioning(
            JetStreamApi api, StreamProvisioning streams, StreamSettings settings, StreamRegistry registry) {
        this.api = api;
        this.streams = streams;
        this.settings = settings;
        this.registry = registry;
    }

    /** Tells whether consumers that are missing are made. */
    boolean areMade() {
        return settings.policy() != StreamSettings.Policy.USE;
    }

    /** Returns the consumer of a group, made when it is not there. */
    Mono<ConsumerLife> of(GroupSpec spec) {
        return streams.of(spec.filter())
                .flatMap(stream -> api.ask(about(stream, spec.name()), null).flatMap(info -> {
                    if (info.errorCode() == ApiErrors.CONSUMER_NOT_FOUND || isNothing(info)) {
                        return create(stream, spec);
                    }
                    return info.isError() ? Mono.error(info.error(spec.name())) : existing(info, spec);
                }))
                .doOnNext(life -> registry.found(spec.name()));
    }

    private static boolean isNothing(ApiResponse info) {
        return !info.isError() && !ConsumerLife.isTold(info);
    }

    /** Returns what the server tells of a consumer, or that it is not there. */
    Mono<ApiResponse> info(ConsumerLife life) {
        return api.ask(about(life.stream(), life.consumer()), null);
    }

    /** Deletes the consumer of a group wherever it is; whether there was one that takes what the filter takes. */
    Mono<Boolean> delete(TopicFilter filter, String name) {
        return streams.keeping(filter.toString())
                .flatMapMany(Flux::fromIterable)
                .concatMap(stream -> delete(stream, filter, name))
                .reduce(false, (there, one) -> there || one);
    }

    private Mono<Boolean> delete(String stream, TopicFilter filter, String name) {
        return ifThere(api.ask(about(stream, name), null), name)
                .filter(ConsumerLife::isTold)
                .filterWhen(info -> suits(info.part("config"), stream, filter, name)
                        .thenReturn(true)
                        .onErrorResume(ConsumerProvisioning::isMismatch, other -> Mono.just(false)))
                .flatMap(info -> ifThere(api.ask("CONSUMER.DELETE." + stream + "." + name, null), name))
                .hasElement();
    }

    private static Mono<ApiResponse> ifThere(Mono<ApiResponse> asked, String name) {
        return asked.filter(answer -> !isMissing(answer))
                .flatMap(answer -> answer.isError() ? Mono.error(answer.error(name)) : Mono.just(answer));
    }

    private static boolean isMissing(ApiResponse answer) {
        int error = answer.errorCode();
        return error == ApiErrors.CONSUMER_NOT_FOUND || error == ApiErrors.STREAM_NOT_FOUND;
    }

    private static boolean isMismatch(Throwable error) {
        return MessagingException.codeOf(error) == ErrorCode.GROUP_MISMATCH;
    }

    private static String about(String stream, String name) {
        return "CONSUMER.INFO." + stream + "." + name;
    }

    // ---- one that is there

    private Mono<ConsumerLife> existing(ApiResponse info, GroupSpec spec) {
        ApiResponse config = info.part("config");
        requireKey(config, "ack_policy", "explicit", spec);
        requireKey(config, "deliver_subject", "", spec);
        ConsumerLife life = ConsumerLife.of(info);
        requireRoom(life);

        return suits(config, life.stream(), spec.filter(), spec.name()).then(Mono.defer(() -> {
            tellLeaseTime(life, spec);
            return config.text("description").equals(ConsumerLife.OURS) ? marked(life, info) : Mono.just(life);
        }));
    }

    private static void requireKey(ApiResponse config, String key, String wanted, GroupSpec spec) {
        String told = config.text(key);
        if (!told.equals(wanted)) {
            throw JetStreamErrors.otherConsumer(
                    "'" + key + "' '" + told + "' instead of '" + wanted + "'", spec.name());
        }
    }

    /** Refuses a lease time that leaves no room for work. */
    private static void requireRoom(ConsumerLife life) {
        try {
            LeaseTerms.of(
                            LeaseTime.renewable(Duration.ofNanos(life.shortestNanos())),
                            false,
                            JetStreamSession.ALLOWANCE,
                            Duration.ZERO)
                    .require();
        } catch (MessagingException tooShort) {
            throw JetStreamErrors.leaseTooShort(tooShort, life);
        }
    }

    private void tellLeaseTime(ConsumerLife life, GroupSpec spec) {
        if (life.waits().size() == 1
                && life.waits().get(0).nanos() != spec.leaseTime().toNanos()) {
            streams.differs(
                    spec.name(),
                    ErrorCode.GROUP_MISMATCH,
                    "the consumer exists with a lease time of "
                            + Duration.ofNanos(life.waits().get(0).nanos()) + " instead of " + spec.leaseTime(),
                    "change its ack_wait at the server, or ask for the lease time that it has");
        }
    }

    // Another filter does where what it takes of the stream is what ours takes.
    private Mono<Void> suits(ApiResponse config, String stream, TopicFilter ours, String name) {
        String single = config.text("filter_subject");
        List<String> filters = single.isEmpty() ? config.texts("filter_subjects") : List.of(single);
        if (filters.equals(List.of(ours.toString()))) {
            return Mono.empty();
        }
        MessagingException other =
                JetStreamErrors.otherConsumer("'filter_subject' " + filters + " instead of '" + ours + "'", name);

        return streams.look(stream)
                .onErrorMap(untold -> MessagingException.codeOf(untold) == ErrorCode.NOT_PERMITTED ? other : untold)
                .flatMap(facts -> takesTheSame(facts, filters, ours) ? Mono.empty() : Mono.error(other));
    }

    private static boolean takesTheSame(StreamInfo stream, List<String> told, TopicFilter ours) {
        try {
            List<TopicFilter> filters = (told.isEmpty() ? List.of(">") : told)
                    .stream().map(TopicFilter::of).toList();
            List<TopicFilter> subjects =
                    stream.subjects().stream().map(TopicFilter::of).toList();
            boolean noMore = subjects.stream()
                    .allMatch(subject -> filters.stream()
                            .filter(subject::overlaps)
                            .allMatch(filter -> ours.covers(subject) || ours.covers(filter)));
            boolean noLess = subjects.stream()
                    .filter(ours::overlaps)
                    .allMatch(subject ->
                            filters.stream().anyMatch(filter -> filter.covers(subject) || filter.covers(ours)));
            return noMore && noLess;
        } catch (MessagingException noFilterOfOurs) {
            return false;
        }
    }

    // ---- one that is not

    private Mono<ConsumerLife> create(String stream, GroupSpec spec) {
        if (!areMade()) {
            return Mono.error(JetStreamErrors.noConsumerMayBeMade(stream, spec.name()));
        }

        return start(stream, spec).flatMap(start -> {
            Map<String, Object> config = config(spec);
            config.putAll(start);
            return create(stream, spec, config);
        });
    }

    private Mono<ConsumerLife> create(String stream, GroupSpec spec, Map<String, Object> config) {
        return api.ask(verb(stream, spec.name()), body(stream, config, "create"))
                .flatMap(answer -> {
                    int error = answer.errorCode();
                    if (error == ApiErrors.CONSUMER_NAME_EXISTS || error == ApiErrors.CONSUMER_EXISTS) {
                        // Another instance was a little earlier.
                        return api.require(about(stream, spec.name()), null).flatMap(info -> existing(info, spec));
                    }
                    if (answer.isError()) {
                        return Mono.error(answer.error(spec.name()));
                    }
                    Map<String, Object> asked = new LinkedHashMap<>(config);
                    // Another instance that asked for the same at the same time may have marked its life already.
                    asked.remove("description");
                    ConfigCheck.require(asked, answer.part("config"), "consumer " + spec.name());
                    ConsumerLife life = ConsumerLife.of(answer);
                    return life.mark() == 0 ? marked(life, answer) : Mono.just(life);
                });
    }

    // Without the filter behind it: one with wildcards is no subject that could be checked like all others.
    private static String verb(String stream, String name) {
        return "CONSUMER.CREATE." + stream + "." + name;
    }

    private static Map<String, Object> body(String stream, Map<String, Object> config, String action) {
        return Map.of("stream_name", stream, "config", config, "action", action);
    }

    /**
     * Notes in the description of a consumer when it was made, as its leader tells it now: after restarts each server
     * may tell something else. Whoever does so at the same time notes the same.
     */
    private Mono<ConsumerLife> marked(ConsumerLife life, ApiResponse told) {
        Map<String, Object> config = new LinkedHashMap<>(told.part("config").fields());
        config.remove("metadata");
        config.put("description", ConsumerLife.marked(life.created()));
        return api.ask(verb(life.stream(), life.consumer()), body(life.stream(), config, "update"))
                .map(answer -> answer.isError() ? life : ConsumerLife.of(answer).in(life.marked()))
                .onErrorReturn(life);
    }

    private static Map<String, Object> config(GroupSpec spec) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("durable_name", spec.name());
        config.put("name", spec.name());
        config.put("description", ConsumerLife.OURS);
        config.put("ack_policy", "explicit");
        config.put("ack_wait", spec.leaseTime().toNanos());
        config.put("filter_subject", spec.filter().toString());
        config.put("max_deliver", -1L);
        config.put("max_ack_pending", -1L);
        config.put("max_waiting", (long) WAITING_MAX);
        Duration idle = spec.idleLimit();
        if (idle != null) {
            config.put("inactive_threshold", idle.toNanos());
        }

        return config;
    }

    // One that was deleted goes on behind what it had settled, where its stream is still there; what is in another
    // stream it has never seen.
    private Mono<Map<String, Object>> start(String stream, GroupSpec spec) {
        StreamRegistry.Former former = registry.former(spec.name());
        if (former == null) {
            return Mono.just(start(spec.start()));
        }
        StreamInfo before = former.stream();

        return streams.look(stream)
                .map(now -> before != null && now.isSameAs(before) && now.lastSequence() >= former.floor()
                        ? Map.<String, Object>of(
                                "deliver_policy", "by_start_sequence", "opt_start_seq", former.floor() + 1)
                        : start(StartPosition.EARLIEST))
                .onErrorReturn(start(StartPosition.EARLIEST));
    }

    private static Map<String, Object> start(StartPosition start) {
        return switch (start.kind()) {
            case EARLIEST -> Map.of("deliver_policy", "all");
            case LATEST -> Map.of("deliver_policy", "new");
            case INSTANT ->
                Map.of("deliver_policy", "by_start_time", "opt_start_time", String.valueOf(start.instant()));
        };
    }
}
