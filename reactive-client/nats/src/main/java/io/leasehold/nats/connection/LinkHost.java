package io.leasehold.nats.connection;

import io.leasehold.error.MessagingException;
import io.leasehold.nats.protocol.MessageFrame;

/** Whom a link reports to; on the connection's own thread. */
interface LinkHost {
    /** The server has welcomed us. */
    void welcomed(NatsLink link);

    /** The server told more about itself after its welcome. */
    void told(NatsLink link);

    /** A message for a subscription came. */
    void message(NatsLink link, MessageFrame frame);

    /** Whether what comes for a subscription may be kept by whoever gets it. */
    boolean keeps(int sid);

    /** The server refuses something; the connection stays. */
    void complained(NatsLink link, ServerError error);

    /** All that was there has been read. */
    void paused(NatsLink link);

    /** The link has ended; nothing more will come of it. */
    void ended(NatsLink link, MessagingException reason);
}
