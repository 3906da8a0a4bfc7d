package io.leasehold.nats.jetstream;

import io.leasehold.broker.RetentionSpec;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.TopicFilter;
import io.leasehold.nats.protocol.MessageFrame;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The streams that keep what is published. A stream that is made here keeps the family of its topics: all those with
 * the same first token, {@code quakes} and {@code quakes.>}, and is called like it.
 */
final class Streams {
    private final JetStreamApi api;
    private final StreamSettings settings;

    Streams(JetStreamApi api, StreamSettings settings) {
        this.api = api;
        this.settings = settings;
    }

    /** The names of the streams that keep some of a filter. */
    Mono<List<String>> keeping(String filter) {
        return api.require("STREAM.NAMES", Map.of("subject", filter)).map(answer -> answer.texts("streams"));
    }

    /** A message of a stream; errors when it is not there any more. */
    Mono<Message> message(String stream, long sequence) {
        return api.require("STREAM.MSG.GET." + stream, Map.of("seq", sequence))
                .map(answer -> stored(answer.part("message")));
    }

    private static Message stored(ApiAnswer told) {
        Base64.Decoder decoder = Base64.getDecoder();
        byte[] subject = told.text("subject").getBytes(StandardCharsets.UTF_8);
        MessageFrame frame =
                MessageFrame.of(subject, decoder.decode(told.text("hdrs")), decoder.decode(told.text("data")));
        return WireMessage.read(frame, frame.subject());
    }

    /** The name of the stream that keeps a filter; made when that is wanted. */
    Mono<String> of(TopicFilter filter, @Nullable RetentionSpec retention) {
        String text = filter.toString();
        return keeping(text).flatMap(found -> switch (found.size()) {
            case 0 -> create(text, retention);
            case 1 -> Mono.just(found.get(0));
            default ->
                Mono.error(new MessagingException(
                        ErrorCode.GROUP_MISMATCH,
                        "the filter takes from several streams: " + found,
                        text,
                        "consume each with a filter of its own"));
        });
    }

    private Mono<String> create(String filter, @Nullable RetentionSpec retention) {
        if (settings.policy() != StreamSettings.Policy.CREATE) {
            return Mono.error(new MessagingException(
                    ErrorCode.NO_GROUP,
                    "no stream keeps these topics, and none may be made",
                    filter,
                    "create the stream, or set nats.streams.policy to create"));
        }
        String family = filter.indexOf('.') < 0 ? filter : filter.substring(0, filter.indexOf('.'));
        if (family.equals("*") || family.equals(">")) {
            return Mono.error(new MessagingException(
                    ErrorCode.BAD_TOPIC,
                    "a filter that begins with a wildcard names no stream that could be made",
                    filter,
                    "create the stream yourself, or begin the filter with a name"));
        }
        Map<String, Object> config = config(family, retention);
        int level = settings.features().stream()
                .mapToInt(StreamSettings.Feature::level)
                .max()
                .orElse(0);
        return api.requireLevel(level, "nats.streams.features " + settings.features())
                .then(api.ask("STREAM.CREATE." + config.get("name"), config))
                .flatMap(answer -> {
                    boolean exists = answer.errorCode() == ApiErrors.STREAM_NAME_EXISTS;
                    if (answer.isError() && !exists) {
                        return Mono.error(answer.error(filter));
                    }
                    if (!answer.isError()) {
                        Echo.require(config, answer.part("config"), "stream " + config.get("name"));
                    }
                    return Mono.just(String.valueOf(config.get("name")));
                });
    }

    private Map<String, Object> config(String family, @Nullable RetentionSpec retention) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("name", family.replaceAll("[^A-Za-z0-9_-]", "_"));
        config.put("subjects", List.of(family, family + ".>"));
        config.put("retention", settings.retention().word());
        config.put("storage", settings.storage().name().toLowerCase(Locale.ROOT));
        config.put("num_replicas", settings.replicas());
        config.put("max_age", settings.maxAge().toNanos());
        config.put("duplicate_window", settings.duplicateWindow().toNanos());
        config.put("discard", "old");
        settings.features().forEach(feature -> config.put(feature.key(), true));
        if (retention != null) {
            config.put("max_msgs", retention.messagesMax());
            config.put("max_bytes", retention.bytesMax());
        }
        return config;
    }
}
