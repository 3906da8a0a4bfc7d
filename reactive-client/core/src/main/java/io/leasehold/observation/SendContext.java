package io.leasehold.observation;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.MessageId;
import io.leasehold.publish.PublishOutcome;
import io.leasehold.publish.PublishView;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/**
 * Is the context of a publish's observation. What is set in its carrier while the observation is started goes out as
 * headers of the message.
 */
public final class SendContext extends SenderContext<SendContext.Outgoing> {
    private final Message message;
    private final MessageId id;
    private final String destination;
    private final Peer peer;
    private final Outgoing outgoing;
    private volatile @Nullable PublishOutcome outcome;
    private volatile @Nullable ErrorCode failure;

    /**
     * Says who is sent to.
     *
     * @param system the kind of broker
     * @param address its host, or {@code none}
     * @param port its port, or {@code none}
     */
    record Peer(String system, String address, String port) {}

    SendContext(PublishView view, String destination, Peer peer) {
        super(SendContext::set);
        this.message = view.message();
        this.id = view.id();
        this.destination = destination;
        this.peer = peer;
        this.outgoing = new Outgoing(view);
        setCarrier(outgoing);
        setRemoteServiceName(peer.system());
    }

    private static void set(@Nullable Outgoing carrier, String name, String value) {
        if (carrier != null) {
            carrier.header(name, value);
        }
    }

    /** Takes the headers that are added to the message. */
    public static final class Outgoing {
        private volatile @Nullable PublishView view;

        private Outgoing(PublishView view) {
            this.view = view;
        }

        /**
         * Has the message go out with this header, instead of what a message that is passed on has of that name, while
         * its observation is started; later it does nothing. A header that no message may have is left out: a trace may
         * be cut, a message may not be refused for it.
         */
        public void header(String name, String value) {
            PublishView present = view;
            if (present == null) {
                return;
            }
            try {
                present.header(name, value);
            } catch (MessagingException unfit) {
                return;
            }
        }
    }

    /** Notes that the observation is started: the publish is not to be seen any more. */
    void started() {
        outgoing.view = null;
    }

    void end(PublishOutcome how, @Nullable ErrorCode code) {
        outcome = how;
        failure = code;
    }

    /** Returns the message, without what tracing adds. */
    public Message message() {
        return message;
    }

    /** Returns the id that the message goes out under. */
    public MessageId id() {
        return id;
    }

    /** Returns the topic as a tag may have it: {@code other} beyond a bound of different ones. */
    public String destination() {
        return destination;
    }

    /** Returns the kind of broker. */
    public String system() {
        return peer.system();
    }

    /** Returns the broker's host, or {@code none}. */
    public String serverAddress() {
        return peer.address();
    }

    /** Returns the broker's port, or {@code none}. */
    public String serverPort() {
        return peer.port();
    }

    /** Returns how the publish ended; null before its end. */
    public @Nullable PublishOutcome outcome() {
        return outcome;
    }

    /** Returns why the publish failed; null when it did not, or before its end. */
    public @Nullable ErrorCode failure() {
        return failure;
    }
}
