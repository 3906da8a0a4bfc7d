package io.leasehold.embedded;

import io.leasehold.api.CanIgnoreReturnValue;
import io.leasehold.api.CheckReturnValue;
import io.leasehold.broker.Capabilities;
import io.leasehold.broker.RetentionSpec;
import io.leasehold.error.Bounds;
import io.leasehold.lease.LeaseTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds the settings of an {@link EmbeddedBroker}: immutable values, each checked where it is set. */
@CheckReturnValue
public final class EmbeddedSettings {
    /** Says of {@link Builder#maxDeliveries} that a message is delivered as often as it takes. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    private final Capabilities plays;
    private final int capacityMessages;
    private final long capacityBytes;
    private final int waitingPublishes;
    private final int messageBytesMax;
    private final boolean allowUnkept;
    private final Duration duplicateWindow;
    private final int duplicateIds;
    private final List<Duration> leaseBackoff;
    private final List<LeaseTime> leaseTimes;
    private final int maxDeliveries;
    private final List<RetentionSpec> retentions;

    private EmbeddedSettings(Builder values) {
        this.plays = values.maxDeliveries == UNLIMITED
                ? values.plays
                : values.plays.deliveriesMax(values.maxDeliveries, values.plays.tellsGivenUp());
        this.capacityMessages = values.capacityMessages;
        this.capacityBytes = values.capacityBytes;
        this.waitingPublishes = values.waitingPublishes;
        this.messageBytesMax = values.messageBytesMax;
        this.allowUnkept = values.allowUnkept;
        this.duplicateWindow = values.duplicateWindow;
        this.duplicateIds = values.duplicateIds;
        this.leaseBackoff = List.copyOf(values.leaseBackoff);
        this.leaseTimes = leaseBackoff.stream()
                .map(time -> new LeaseTime(time.toNanos(), plays.renewsLeases()))
                .toList();
        this.maxDeliveries = values.maxDeliveries;
        this.retentions = List.copyOf(values.retentions);
    }

    /** Returns the default settings: fenced, with room for 1,000,000 messages and 256 MiB of bodies. */
    public static EmbeddedSettings defaults() {
        return builder().build();
    }

    /** Begins settings with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Begins settings with the values of these. */
    public Builder mutate() {
        Builder values = new Builder();
        values.plays = plays;
        values.capacityMessages = capacityMessages;
        values.capacityBytes = capacityBytes;
        values.waitingPublishes = waitingPublishes;
        values.messageBytesMax = messageBytesMax;
        values.allowUnkept = allowUnkept;
        values.duplicateWindow = duplicateWindow;
        values.duplicateIds = duplicateIds;
        values.leaseBackoff = leaseBackoff;
        values.maxDeliveries = maxDeliveries;
        values.retentions.addAll(retentions);
        return values;
    }

    /** Returns what the broker can do. */
    public Capabilities plays() {
        return plays;
    }

    /** Returns how many messages may wait or be held in all groups together. */
    public int capacityMessages() {
        return capacityMessages;
    }

    /** Returns how many bytes these messages may have. */
    public long capacityBytes() {
        return capacityBytes;
    }

    /** Returns how many publishes may wait for room. */
    public int waitingPublishes() {
        return waitingPublishes;
    }

    /** Returns how many bytes one message may have. */
    public int messageBytesMax() {
        return messageBytesMax;
    }

    /** Tells whether a message that nothing keeps is confirmed and forgotten. */
    public boolean allowUnkept() {
        return allowUnkept;
    }

    /** Returns for how long a message id is recognised; zero for never. */
    public Duration duplicateWindow() {
        return duplicateWindow;
    }

    /** Returns how many ids are remembered. */
    public int duplicateIds() {
        return duplicateIds;
    }

    /** Returns the lease times of the first, second, … delivery; empty for the lease time of the group. */
    public List<Duration> leaseBackoff() {
        return leaseBackoff;
    }

    /** Returns {@link #leaseBackoff} as the lease times that deliveries have. */
    List<LeaseTime> leaseTimes() {
        return leaseTimes;
    }

    /** Returns after how many deliveries a message is given up, or {@link #UNLIMITED}. */
    public int maxDeliveries() {
        return maxDeliveries;
    }

    /** Returns what is kept for groups that come later. */
    public List<RetentionSpec> retentions() {
        return retentions;
    }

    private List<Object> values() {
        return List.of(
                plays,
                capacityMessages,
                capacityBytes,
                waitingPublishes,
                messageBytesMax,
                allowUnkept,
                duplicateWindow,
                duplicateIds,
                leaseBackoff,
                maxDeliveries,
                retentions);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EmbeddedSettings that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "EmbeddedSettings" + values();
    }

    /**
     * Makes settings. Each method checks its bounds and throws {@link io.leasehold.error.MessagingException}
     * with {@code BAD_SETTING}, naming the setting. Not for several threads.
     */
    @CanIgnoreReturnValue
    public static final class Builder {
        private static final long GIB = 1L << 30;

        private Capabilities plays = EmbeddedMode.FENCED.capabilities();
        private int capacityMessages = 1_000_000;
        private long capacityBytes = 256L << 20;
        private int waitingPublishes = 10_000;
        private int messageBytesMax = 8 << 20;
        private boolean allowUnkept;
        private Duration duplicateWindow = Duration.ofMinutes(2);
        private int duplicateIds = 100_000;
        private List<Duration> leaseBackoff = List.of();
        private int maxDeliveries = UNLIMITED;
        private final List<RetentionSpec> retentions = new ArrayList<>();

        private Builder() {}

        /** Sets whether old receipts are refused. Default {@link EmbeddedMode#FENCED}. */
        public Builder mode(EmbeddedMode value) {
            return plays(value.capabilities());
        }

        /**
         * Sets what the broker can do, of all that a broker may say of itself: it behaves as a broker that can do no
         * more. For whoever tests how an application or a client fares on such a broker; the last call of this and of
         * {@link #mode} counts. Default what {@link EmbeddedMode#FENCED} can do. The duplicate window is that of {@link
         * #duplicateWindow}.
         */
        public Builder plays(Capabilities value) {
            this.plays = value.duplicateWindow(Duration.ZERO);
            return this;
        }

        /**
         * Sets how many messages may wait or be held in all groups together, a message in several groups counted once:
         * 1 to 100,000,000, default 1,000,000. A publish beyond it waits for room while somebody may make some. Else it
         * is refused with {@code BROKER_FULL}, which names the group that fills the broker: at once where nobody
         * consumes what is there, and when no room was made for 2 s. What only {@link #retain retention} keeps does not
         * count; it has its own bounds.
         */
        public Builder capacityMessages(int value) {
            capacityMessages = Bounds.within("leasehold.embedded.capacity-messages", value, 1, 100_000_000);
            return this;
        }

        /** Sets how many bytes these may have, bodies, headers and keys: 1 to 1 TiB, default 256 MiB. */
        public Builder capacityBytes(long value) {
            capacityBytes = Bounds.within("leasehold.embedded.capacity-bytes", value, 1, 1024 * GIB);
            return this;
        }

        /**
         * Sets how many publishes may wait for room: 0 to 1,000,000, default 10,000. Beyond it a publish fails at once
         * with {@code BROKER_FULL}.
         */
        public Builder waitingPublishes(int value) {
            waitingPublishes = Bounds.within("leasehold.embedded.waiting-publishes", value, 0, 1_000_000);
            return this;
        }

        /**
         * Sets how many bytes one message may have, body, headers and key: 1 to 1 GiB, default 8 MiB. One that is
         * larger than this or than {@link #capacityBytes} is refused with {@code TOO_LARGE}.
         */
        public Builder messageBytesMax(int value) {
            messageBytesMax = Bounds.within("leasehold.embedded.message-bytes-max", value, 1, (int) GIB);
            return this;
        }

        /**
         * Sets whether a message that neither a group nor retention keeps is confirmed and forgotten. By default it is
         * refused with {@code NO_GROUP}.
         */
        public Builder allowUnkept(boolean value) {
            this.allowUnkept = value;
            return this;
        }

        /**
         * Sets for how long a message id is recognised in its {@linkplain io.leasehold.message.MessageId family of
         * topics}: zero, which switches this off, to 30 days; default two minutes.
         */
        public Builder duplicateWindow(Duration value) {
            duplicateWindow =
                    Bounds.within("leasehold.embedded.duplicate-window", value, Duration.ZERO, Duration.ofDays(30));
            return this;
        }

        /** Sets how many ids are remembered, the oldest forgotten first: 1 to 10,000,000, default 100,000. */
        public Builder duplicateIds(int value) {
            duplicateIds = Bounds.within("leasehold.embedded.duplicate-ids", value, 1, 10_000_000);
            return this;
        }

        /**
         * Sets the lease times of the first, second, … delivery of a message, the last one for all further deliveries;
         * each 1 ns to 100 days, at most 100 of them. Default none: the group's lease time holds for all.
         */
        public Builder leaseBackoff(List<Duration> value) {
            Bounds.within("embedded.lease-backoff.size", value.size(), 0, 100);
            leaseBackoff = value.stream()
                    .map(time -> Bounds.within("embedded.lease-backoff", time, Duration.ofNanos(1), LeaseTime.LIMIT))
                    .toList();
            return this;
        }

        /**
         * Sets after how many deliveries a message is given up, releases not counted: 1 or more, default {@link
         * #UNLIMITED}, or what is {@linkplain #plays played}. A client that dead-letters counts by itself and leaves
         * this unlimited.
         */
        public Builder maxDeliveries(int value) {
            maxDeliveries = Bounds.within("embedded.max-deliveries", value, 1, UNLIMITED);
            return this;
        }

        /**
         * Keeps what is published to some topics for groups that come later; may be called repeatedly. Default none.
         */
        public Builder retain(RetentionSpec value) {
            retentions.add(value);
            return this;
        }

        /** Makes the settings. */
        @CheckReturnValue
        public EmbeddedSettings build() {
            return new EmbeddedSettings(this);
        }
    }
}
