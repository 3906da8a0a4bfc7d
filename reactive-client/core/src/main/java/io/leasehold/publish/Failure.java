package io.leasehold.publish;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;

/** What a failed publish tells its caller: the code, what happened, and what to do about it. */
record Failure(ErrorCode code, String what, String remedy) {
    static Failure of(ErrorCode code, boolean unknown) {
        return new Failure(code, what(code) + doubt(unknown), remedy(code));
    }

    static Failure of(MessagingException cause, boolean unknown) {
        return new Failure(cause.code(), cause.what() + doubt(unknown), cause.remedy());
    }

    private static String doubt(boolean unknown) {
        return unknown ? ", whether it has the message is unknown" : ", the message is not stored";
    }

    private static String what(ErrorCode code) {
        return switch (code) {
            case PUBLISH_TIMEOUT, UNKNOWN -> "the broker did not confirm in time";
            case WINDOW_FULL -> "too many publishes wait for the window";
            case KEY_HALTED -> "an earlier message of the key failed";
            case KEYS_HALTED -> "too many keys are halted";
            case LEASE_LOST -> "the lease that the publish is bound to is lost";
            case CLOSED -> "the client is closed";
            default -> "a stage refused the message";
        };
    }

    private static String remedy(ErrorCode code) {
        return switch (code) {
            case PUBLISH_TIMEOUT, UNKNOWN -> "publish it again under the same id, or look whether the broker is well";
            case WINDOW_FULL -> "publish less at once, use publishAll, or raise PublishSettings.window or .waiting";
            case KEY_HALTED -> "look after the one that failed, then resume the key";
            case KEYS_HALTED -> "resume some of them, or raise PublishSettings.haltedKeysMax";
            case LEASE_LOST -> "leave it to whoever is given the delivery next";
            case CLOSED -> "publish before closing, or with another client";
            default -> "see the stage for when to try again";
        };
    }
}
