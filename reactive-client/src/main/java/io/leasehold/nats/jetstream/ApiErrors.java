package io.leasehold.nats.jetstream;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;

/** JetStream's errors as ours. The numbers are those of the server's {@code errors.json}. */
final class ApiErrors {
    static final int CONSUMER_NOT_FOUND = 10014;
    static final int CONSUMER_NAME_EXISTS = 10013;
    static final int CONSUMER_EXISTS = 10148;
    static final int STREAM_NAME_EXISTS = 10058;
    static final int STREAM_NOT_FOUND = 10059;
    static final int SUBJECTS_OVERLAP = 10065;

    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private ApiErrors() {}

    static MessagingException of(int status, int number, String description, String where) {
        String what = "JetStream refused: " + description + " (" + number + ")";
        return new MessagingException(codeOf(status, number), what, where, adviceOn(number));
    }

    private static ErrorCode codeOf(int status, int number) {
        return switch (number) {
            case STREAM_NOT_FOUND -> ErrorCode.NO_GROUP;
            case CONSUMER_NOT_FOUND, 10149 -> ErrorCode.GROUP_GONE;
            case CONSUMER_NAME_EXISTS, 10105, CONSUMER_EXISTS, STREAM_NAME_EXISTS, SUBJECTS_OVERLAP ->
                ErrorCode.GROUP_MISMATCH;
            case 10060, 10070, 10071, 10164, 10180, 10193 -> ErrorCode.NOT_AS_EXPECTED;
            case 10025, 10165, 10166, 10185, 10188, 10189, 10190, 10191, 10192, 10203, 10212, 10223 ->
                ErrorCode.UNSUPPORTED;
            case 10054, 10097 -> ErrorCode.TOO_LARGE;
            case 10002, 10023, 10028, 10047, 10077, 10122, 10167, 10210, 10211 -> ErrorCode.BROKER_FULL;
            case 10004, 10005, 10008, 10009, 10118, 10119, 10158, 10163 -> ErrorCode.NO_RESPONDERS;
            default ->
                status == UNAVAILABLE
                        ? ErrorCode.NO_RESPONDERS
                        : status == TOO_MANY ? ErrorCode.BROKER_FULL : ErrorCode.REFUSED;
        };
    }

    private static String adviceOn(int number) {
        return switch (number) {
            case STREAM_NOT_FOUND -> "create the stream, or let the client create it";
            case STREAM_NAME_EXISTS, SUBJECTS_OVERLAP -> "use the existing stream, or name another one in the settings";
            case CONSUMER_NAME_EXISTS, CONSUMER_EXISTS -> "use the same filter in all instances of the group";
            case 10060, 10070, 10071, 10164, 10180, 10193 -> "read what is there, and decide anew";
            case 10165, 10166 -> "have the stream allow it: nats.streams.features MESSAGE_TTL; whole seconds only";
            case 10188, 10189, 10190, 10191, 10192, 10203, 10212, 10223 ->
                "have the stream allow it: nats.streams.features SCHEDULES";
            case 10039, 10076 -> "switch JetStream on for this account";
            default -> "see the server's log, and the limits of the account and the stream";
        };
    }
}
