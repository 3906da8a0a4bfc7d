package io.leasehold.sample.web;

/** Nothing has arrived under a message id. */
final class UnknownQuakeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnknownQuakeException(String id) {
        super("No earthquake has arrived under the message id " + id + "; if it was just sent in, ask again shortly,"
                + " else use the id that sending it answered");
    }
}
