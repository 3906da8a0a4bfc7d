package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.HashMap;
import java.util.Map;

/** Turns JetStream's errors into ours. The numbers are those of the server's {@code errors.json}. */
final class ApiErrors {
    static final int NO_SUITABLE_PEERS = 10005;
    static final int CONSUMER_NOT_FOUND = 10014;
    static final int CONSUMER_NAME_EXISTS = 10013;
    static final int CONSUMER_EXISTS = 10148;
    static final int STREAM_NAME_EXISTS = 10058;
    static final int STREAM_NOT_FOUND = 10059;
    static final int SUBJECTS_OVERLAP = 10065;

    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private static final Map<Integer, Meaning> MEANINGS = meanings();

    private ApiErrors() {}

    /** Says what a number means to us, and what to do about it. */
    private record Meaning(ErrorCode code, String advice) {}

    static MessagingException of(int status, int number, String description, String where) {
        String what = "JetStream refused: " + description + " (" + number + ")";
        Meaning known = MEANINGS.get(number);
        return known == null
                ? new MessagingException(byStatus(status), what, where, "see the server's log")
                : new MessagingException(known.code(), what, where, known.advice());
    }

    /** Tells whether a number has words of its own. */
    static boolean isKnown(int number) {
        return MEANINGS.containsKey(number);
    }

    // Numbers of servers that are newer than this table.
    private static ErrorCode byStatus(int status) {
        return status == UNAVAILABLE
                ? ErrorCode.NO_RESPONDERS
                : status == TOO_MANY ? ErrorCode.BROKER_FULL : ErrorCode.REFUSED;
    }

    private static Map<Integer, Meaning> meanings() {
        Map<Integer, Meaning> table = new HashMap<>();
        passing(table);
        full(table);
        present(table);
        account(table);
        wrong(table);
        options(table);

        return Map.copyOf(table);
    }

    private static void put(Map<Integer, Meaning> table, ErrorCode code, String advice, int... numbers) {
        for (int number : numbers) {
            table.put(number, new Meaning(code, advice));
        }
    }

    private static void passing(Map<Integer, Meaning> table) {
        put(
                table,
                ErrorCode.NO_RESPONDERS,
                "nothing: it is tried again; look at the cluster if it lasts",
                10004,
                10008,
                10009,
                10158,
                10163);
        put(
                table,
                ErrorCode.NO_RESPONDERS,
                "start the servers that keep it: too few of its replicas are there",
                10118,
                10119);
        put(
                table,
                ErrorCode.NO_RESPONDERS,
                "start more servers with JetStream and room, or ask for fewer replicas"
                        + " (leasehold.nats.streams.replicas, NatsSettings.replicas)",
                NO_SUITABLE_PEERS);
    }

    private static void full(Map<Integer, Meaning> table) {
        put(
                table,
                ErrorCode.BROKER_FULL,
                "make room: raise the limits of the account or the server, or delete what is not needed",
                10002,
                10023,
                10028,
                10047);
        put(
                table,
                ErrorCode.BROKER_FULL,
                "make room in the stream: consume or purge it, or raise its max_msgs or max_bytes",
                10077);
        put(
                table,
                ErrorCode.BROKER_FULL,
                "raise max_bytes of the stream, or choose a smaller one: the server allows none so large",
                10122);
        put(table, ErrorCode.BROKER_FULL, "send less at once: the server limits requests", 10167, 10210, 10211);
        put(
                table,
                ErrorCode.BROKER_FULL,
                "delete consumers that nobody uses (MessageClient.deleteGroup), let short-lived ones end"
                        + " (MessageConsumer.temporary), or raise the limit of the stream, the account or the server",
                10026);
        put(table, ErrorCode.BROKER_FULL, "delete streams that nobody uses, or raise the limit of the account", 10027);
    }

    private static void present(Map<Integer, Meaning> table) {
        put(
                table,
                ErrorCode.NO_GROUP,
                "create the stream, or have it made: MessageClient.declare, NatsSettings.stream",
                STREAM_NOT_FOUND);
        put(table, ErrorCode.GROUP_GONE, "subscribe again to make it anew", CONSUMER_NOT_FOUND, 10149);
        put(
                table,
                ErrorCode.GROUP_MISMATCH,
                "use the same filter in all instances of the group",
                CONSUMER_NAME_EXISTS,
                10105,
                CONSUMER_EXISTS);
        put(
                table,
                ErrorCode.GROUP_MISMATCH,
                "use the stream that keeps these topics, or take them out of its subjects",
                STREAM_NAME_EXISTS,
                SUBJECTS_OVERLAP);
        put(
                table,
                ErrorCode.GROUP_MISMATCH,
                "a work queue has one group for each topic: choose filters that do not overlap, or another retention",
                10099,
                10100);
        put(
                table,
                ErrorCode.GROUP_MISMATCH,
                "a work queue takes groups from its first message only: start from the earliest",
                10101);
        put(table, ErrorCode.REFUSED, "nothing: the message was deleted", 10037);
    }

    private static void account(Map<Integer, Meaning> table) {
        put(table, ErrorCode.REFUSED, "switch JetStream on for this account", 10039, 10076);
        put(
                table,
                ErrorCode.REFUSED,
                "give the account a limit for so many replicas, or ask for fewer"
                        + " (leasehold.nats.streams.replicas, NatsSettings.replicas)",
                10120,
                10121);
        put(table, ErrorCode.REFUSED, "give the account a lower max_ack_pending, or raise its limit", 10125);
        put(
                table,
                ErrorCode.REFUSED,
                "give the stream a bound in bytes (NatsStream.maxBytes): the account wants one",
                10113);
        put(
                table,
                ErrorCode.REFUSED,
                "run the servers as a cluster, or ask for one replica (leasehold.nats.streams.replicas,"
                        + " NatsSettings.replicas)",
                10074);
        put(table, ErrorCode.REFUSED, "ask for 1 to 5 replicas", 10061, 10133);
    }

    private static void wrong(Map<Integer, Meaning> table) {
        put(
                table,
                ErrorCode.UNSUPPORTED,
                "use a server that knows what is asked for, or leave the setting out",
                10025,
                10185);
        put(
                table,
                ErrorCode.REFUSED,
                "compare what is asked for with the limits of the server: it does not take this configuration",
                10003,
                10012,
                10052,
                10116);
        put(
                table,
                ErrorCode.GROUP_MISMATCH,
                "choose a filter whose topics the stream keeps, or add them to its subjects",
                10093,
                10131,
                10132,
                10136,
                10138);
        put(
                table,
                ErrorCode.GROUP_MISMATCH,
                "use a consumer with explicit acks: another one cannot lend messages",
                10084,
                10098);
        put(table, ErrorCode.TOO_LARGE, "publish less in one message, or raise max_msg_size of the stream", 10054);
        put(table, ErrorCode.TOO_LARGE, "publish with fewer or shorter headers", 10097);
        put(table, ErrorCode.REFUSED, "publish to another stream: this one is sealed, and takes nothing more", 10109);
    }

    private static void options(Map<Integer, Meaning> table) {
        put(
                table,
                ErrorCode.NOT_AS_EXPECTED,
                "read what is there, and decide anew",
                10060,
                10070,
                10071,
                10164,
                10180,
                10193);
        put(
                table,
                ErrorCode.UNSUPPORTED,
                "set allow_msg_ttl of the stream, and ask for one second or more",
                10165,
                10166);
        put(
                table,
                ErrorCode.UNSUPPORTED,
                "set allow_msg_schedules of the stream",
                10188,
                10189,
                10190,
                10191,
                10192,
                10203,
                10212,
                10223);
        put(table, ErrorCode.UNSUPPORTED, "have the stream allow rollups, or publish without", 10110, 10111);
    }
}
