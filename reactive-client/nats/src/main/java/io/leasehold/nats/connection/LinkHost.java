package io.leasehold.nats.connection;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.MessageFrame;

/** Whom a link reports to; on the connection's own thread. */
interface LinkHost {
    Desk desk();

    /** The server has welcomed us. */
    void welcomed(Link link);

    /** The server told more about itself after its welcome. */
    void told(Link link);

    /** A message for a subscription came. */
    void message(Link link, MessageFrame frame);

    /** Whether what comes for a subscription may be kept by whoever gets it. */
    boolean keeps(int sid);

    /** The server refuses something; the connection stays. */
    void complained(Link link, ServerError error);

    /** All that was there has been read. */
    void paused(Link link);

    /** The link has ended; nothing more will come of it. */
    void ended(Link link, MessagingException reason);
}
