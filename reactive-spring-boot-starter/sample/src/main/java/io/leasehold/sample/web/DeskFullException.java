package io.leasehold.sample.web;

/** The desk takes no more earthquakes. */
final class DeskFullException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DeskFullException() {
        super("The desk holds its limit of earthquakes; raise quakedesk.ledger-capacity or start it anew");
    }
}
