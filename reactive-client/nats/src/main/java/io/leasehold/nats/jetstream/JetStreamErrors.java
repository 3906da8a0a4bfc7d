package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Makes the errors of this package; {@link ApiErrors} has those that servers answer. */
final class JetStreamErrors {
    private JetStreamErrors() {}

    // ---- the session and its connections

    static MessagingException closed(String client) {
        return new MessagingException(ErrorCode.CLOSED, "the session is closed", client, "open another one");
    }

    static MessagingException disconnected(MessagingException reason) {
        return new MessagingException(
                ErrorCode.DISCONNECTED,
                "the connection ended: " + reason.getMessage(),
                "nats",
                "nothing: it is dialled again");
    }

    static MessagingException windowTooShort(Duration window, Duration publishTimeout) {
        return new MessagingException(
                ErrorCode.BAD_SETTING,
                "ids are known for " + window + ", and a publish is repeated for " + publishTimeout
                        + ": what is repeated later would be stored twice",
                "leasehold.nats.streams.duplicate-window",
                "choose a window that is longer than the timeout of publishes, or a shorter timeout");
    }

    /** Returns an error as one of ours: what is none is a mistake of ours. */
    static MessagingException asOurs(Throwable error) {
        return error instanceof MessagingException ours
                ? ours
                : new MessagingException(
                        ErrorCode.INTERNAL, String.valueOf(error), "jetstream", "please report this", error);
    }

    // ---- the API

    static MessagingException malformed() {
        return new MessagingException(
                ErrorCode.PROTOCOL,
                "an answer of JetStream is not the JSON that its API wants",
                "JetStream",
                "check what answers on $JS.API in this account");
    }

    static MessagingException untrue(String consumer) {
        return new MessagingException(
                ErrorCode.PROTOCOL,
                "what is told of a consumer cannot be true",
                consumer,
                "check what answers on $JS.API in this account");
    }

    static MessagingException levelTooLow(long present, int needed, String what) {
        return new MessagingException(
                ErrorCode.UNSUPPORTED,
                "the servers have level " + present + " of the JetStream API, needed is " + needed,
                what,
                "use newer servers (level 1 is 2.11, level 2 is 2.12), or do without");
    }

    static MessagingException madeOtherwise(String key, Object told, Object asked, String what) {
        return new MessagingException(
                ErrorCode.REFUSED,
                "the server made '" + key + "' " + told + " instead of " + asked,
                what,
                "use a server that knows this key, or leave the setting out");
    }

    // ---- publishes

    static MessagingException answeredWithStatus(int status, String topic) {
        return new MessagingException(
                ErrorCode.PROTOCOL,
                "a publish was answered with status " + status,
                topic,
                "check what answers on this subject");
    }

    /** Whoever answered may have stored it or not. */
    static MessagingException answeredByNoStream(String topic) {
        return new MessagingException(
                ErrorCode.UNKNOWN,
                "a publish was answered by something that is no stream",
                topic,
                "see that only JetStream answers on this subject");
    }

    static MessagingException nobodyKeeps(String topic) {
        return new MessagingException(
                ErrorCode.NO_GROUP,
                "no stream keeps messages of this topic",
                topic,
                "call MessageClient.declare, start a consumer of it, or name a stream with NatsSettings.stream");
    }

    // ---- streams

    static MessagingException beginsWithWildcard(String filter) {
        return new MessagingException(
                ErrorCode.BAD_TOPIC,
                "a filter that begins with a wildcard names no stream that could be made",
                filter,
                "create the stream yourself, or begin the filter with a name");
    }

    static MessagingException severalKeep(Collection<String> streams, String filter) {
        return new MessagingException(
                ErrorCode.GROUP_MISMATCH,
                "the filter takes from several streams: " + streams,
                filter,
                "consume each with a filter of its own");
    }

    static MessagingException noStreamMayBeMade(StreamSpec spec) {
        return new MessagingException(
                ErrorCode.NO_GROUP,
                "no stream keeps these topics, and none may be made",
                spec.name() + " " + spec.subjects(),
                "create the stream, or set leasehold.nats.streams.policy to create");
    }

    static MessagingException otherSubjects(List<String> told, StreamSpec spec) {
        return new MessagingException(
                ErrorCode.GROUP_MISMATCH,
                "the stream exists and keeps " + told + " instead of " + spec.subjects(),
                spec.name(),
                "name the stream otherwise, or give it these subjects");
    }

    static MessagingException boundsOthers(String stream, List<String> told, StreamSpec spec) {
        return new MessagingException(
                ErrorCode.GROUP_MISMATCH,
                "the stream " + stream + " keeps " + told + ": bounds for " + spec.subjects()
                        + " alone would bound the others, too",
                String.join(",", spec.subjects()),
                "declare it before its family is consumed, choose a topic with another first token, or declare it"
                        + " with Retention.defaults()");
    }

    static MessagingException otherBounds(String stream, Map<String, Object> told) {
        return new MessagingException(
                ErrorCode.GROUP_MISMATCH,
                "the stream exists with " + told,
                stream,
                "declare the bounds that it has, or change the stream");
    }

    static MessagingException nothingOfFilter(String stream, List<String> told, String filter) {
        return new MessagingException(
                ErrorCode.GROUP_MISMATCH,
                "a stream of the name exists and keeps " + told + ", nothing of the filter",
                stream + " for " + filter,
                "add the topics to its subjects, or name a stream for them in the settings");
    }

    // ---- consumers

    static MessagingException otherConsumer(String how, String name) {
        return new MessagingException(
                ErrorCode.GROUP_MISMATCH,
                "the consumer exists with " + how,
                name,
                "use another group name, or delete the consumer");
    }

    static MessagingException leaseTooShort(MessagingException tooShort, ConsumerLife life) {
        return new MessagingException(
                tooShort.code(),
                "the consumer exists, and " + tooShort.what(),
                life.stream() + "/" + life.consumer(),
                tooShort.remedy() + " for its ack_wait and each step of its backoff, or delete the consumer");
    }

    static MessagingException noConsumerMayBeMade(String stream, String name) {
        return new MessagingException(
                ErrorCode.GROUP_GONE,
                "the consumer does not exist in the stream " + stream + ", and none may be made",
                name,
                "create it, or set leasehold.nats.streams.policy to use-streams");
    }

    static MessagingException deletedAndMadeAnew(String consumer, String how, String group) {
        return new MessagingException(
                ErrorCode.GROUP_GONE,
                "the consumer " + consumer + " " + how,
                group,
                "nothing: it is made anew; what it held is lost");
    }

    static MessagingException deletedForGood(String consumer, String how, String group) {
        return new MessagingException(
                ErrorCode.GROUP_GONE,
                "the consumer " + consumer + " " + how + ", and none may be made",
                group,
                "create it, or set leasehold.nats.streams.policy to use-streams or create");
    }

    static MessagingException cannotBePulled(String text, String group) {
        return new MessagingException(
                ErrorCode.GROUP_MISMATCH,
                "the consumer cannot be pulled from: " + text,
                group,
                "use a pull consumer with explicit acks");
    }

    static MessagingException noDelivery(String subject) {
        return new MessagingException(
                ErrorCode.PROTOCOL,
                "something came to a pull that no consumer delivers",
                subject,
                "see who publishes to the inboxes of others");
    }

    static MessagingException hearsLess(MessagingException why, MonitorMode mode, String group) {
        return new MessagingException(why.code(), mode.remark(), group, "permit it to the user of this client");
    }

    static MessagingException passing(ErrorCode code, String what, String group) {
        return new MessagingException(code, what, group, "nothing: it is tried again");
    }
}
