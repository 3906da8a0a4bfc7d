package io.leasehold.nats.jetstream;

import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.StartPosition;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.TopicFilter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The consumers that groups are at the server. */
final class Groups {
    private static final int WAITING_MAX = 4096;

    private final JetStreamApi api;
    private final Streams streams;
    private final StreamSettings settings;

    Groups(JetStreamApi api, Streams streams, StreamSettings settings) {
        this.api = api;
        this.streams = streams;
        this.settings = settings;
    }

    /** The consumer of a group, made when it is not there. */
    Mono<GroupLife> of(GroupSpec spec) {
        return streams.of(spec.filter())
                .flatMap(stream -> api.ask(about(stream, spec.name()), null).flatMap(info -> {
                    if (info.errorCode() == ApiErrors.CONSUMER_NOT_FOUND || isNothing(info)) {
                        return create(stream, spec);
                    }
                    return info.isError() ? Mono.error(info.error(spec.name())) : existing(info, spec);
                }));
    }

    private static boolean isNothing(ApiAnswer info) {
        return !info.isError() && !GroupLife.isTold(info);
    }

    /** What the server tells of a consumer, or that it is not there. */
    Mono<ApiAnswer> info(GroupLife life) {
        return api.ask(about(life.stream(), life.consumer()), null);
    }

    /** Deletes the consumer of a group wherever it is; whether there was one. */
    Mono<Boolean> delete(TopicFilter filter, String name) {
        return streams.keeping(filter.toString())
                .flatMapMany(Flux::fromIterable)
                .concatMap(stream -> api.ask("CONSUMER.DELETE." + stream + "." + name, null))
                .concatMap(answer -> {
                    int error = answer.errorCode();
                    boolean missing = error == ApiErrors.CONSUMER_NOT_FOUND || error == ApiErrors.STREAM_NOT_FOUND;
                    return answer.isError() && !missing ? Mono.error(answer.error(name)) : Mono.just(!missing);
                })
                .reduce(false, (there, one) -> there || one);
    }

    private static String about(String stream, String name) {
        return "CONSUMER.INFO." + stream + "." + name;
    }

    private Mono<GroupLife> existing(ApiAnswer info, GroupSpec spec) {
        ApiAnswer config = info.part("config");
        String wanted = spec.filter().toString();
        List<Map.Entry<String, String>> keys = List.of(
                Map.entry("filter_subject", wanted),
                Map.entry("ack_policy", "explicit"),
                Map.entry("deliver_subject", ""));
        for (Map.Entry<String, String> key : keys) {
            String told = config.text(key.getKey());
            if (!told.equals(key.getValue())) {
                return Mono.error(new MessagingException(
                        ErrorCode.GROUP_MISMATCH,
                        "the consumer exists with '" + key.getKey() + "' '" + told + "' instead of '" + key.getValue()
                                + "'",
                        spec.name(),
                        "use another group name, or delete the consumer"));
            }
        }
        return Mono.just(GroupLife.of(info));
    }

    private Mono<GroupLife> create(String stream, GroupSpec spec) {
        if (settings.policy() == StreamSettings.Policy.USE) {
            return Mono.error(new MessagingException(
                    ErrorCode.GROUP_GONE,
                    "the consumer does not exist, and none may be made",
                    spec.name(),
                    "create it, or set nats.streams.policy to use-streams"));
        }
        Map<String, Object> config = config(spec);
        // Without the filter behind it: one with wildcards is no subject that could be checked like all others.
        String verb = "CONSUMER.CREATE." + stream + "." + spec.name();
        return api.ask(verb, Map.of("stream_name", stream, "config", config, "action", "create"))
                .flatMap(answer -> {
                    int error = answer.errorCode();
                    if (error == ApiErrors.CONSUMER_NAME_EXISTS || error == ApiErrors.CONSUMER_EXISTS) {
                        // Another instance was a little earlier.
                        return api.require(about(stream, spec.name()), null).flatMap(info -> existing(info, spec));
                    }
                    if (answer.isError()) {
                        return Mono.error(answer.error(spec.name()));
                    }
                    Echo.require(config, answer.part("config"), "consumer " + spec.name());
                    return Mono.just(GroupLife.of(answer));
                });
    }

    private static Map<String, Object> config(GroupSpec spec) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("durable_name", spec.name());
        config.put("name", spec.name());
        config.put("ack_policy", "explicit");
        config.put("ack_wait", spec.leaseTime().toNanos());
        config.put("filter_subject", spec.filter().toString());
        config.put("max_deliver", -1L);
        config.put("max_ack_pending", -1L);
        config.put("max_waiting", (long) WAITING_MAX);
        StartPosition start = spec.start();
        switch (start.kind()) {
            case EARLIEST -> config.put("deliver_policy", "all");
            case LATEST -> config.put("deliver_policy", "new");
            case INSTANT -> {
                config.put("deliver_policy", "by_start_time");
                config.put("opt_start_time", String.valueOf(start.instant()));
            }
        }
        return config;
    }
}
