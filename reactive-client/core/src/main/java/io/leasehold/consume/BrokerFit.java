package io.leasehold.consume;

import io.leasehold.broker.Capabilities;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent;
import io.leasehold.event.MessagingEvent.Kind;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.LeaseTime;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Fits what a consumer wishes to what its broker can do: the nearest that there is, and each difference is told as an
 * {@link Kind#ADVICE} before the consumer begins.
 */
final class BrokerFit {
    private final Capabilities can;
    private final String group;
    private final Consumer<? super MessagingEvent> tell;

    BrokerFit(Capabilities can, String group, Consumer<? super MessagingEvent> tell) {
        this.can = can;
        this.group = group;
        this.tell = tell;
    }

    /**
     * The settings that are in force for some wishes.
     *
     * @throws MessagingException {@code BAD_SETTING} when messages would be lost and nobody told
     */
    ConsumeSettings of(ConsumeSettings wished) {
        HoldSettings hold = held(wished.hold());
        FailureSettings failures = limited(wished.failures());
        Duration timeout = failures.handlerTimeout();
        Duration most = holdMax(hold.leaseTime());
        if (timeout != null && timeout.compareTo(most) > 0) {
            advise(
                    "a handlerTimeout of " + timeout + " never passes: no lease can be held for longer than " + most,
                    "choose a handlerTimeout below that");
        }
        return wished.mutate().hold(hold).failures(failures).build();
    }

    // What never finishes is to become a dead letter before the broker drops it, which takes one more delivery.
    private FailureSettings limited(FailureSettings wished) {
        int most = can.deliveriesMax();
        if (most == Capabilities.DELIVERIES_UNLIMITED) {
            return wished;
        }

        boolean letters = wished.deadLetterTo() != null;
        if (letters && wished.maxDeliveries() > most && !can.tellsGivenUp()) {
            throw MessagingException.badSetting(
                    "leasehold.consumer.max-deliveries",
                    wished.maxDeliveries(),
                    "at most " + most + ", after which the broker drops a message and tells nobody");
        }
        if (!letters || wished.maxDeliveries() > most) {
            String told = can.tellsGivenUp() ? "" : " and tells nobody";
            advise(
                    "the broker drops a message after " + most + " deliveries" + told,
                    "set deadLetterTo, and maxDeliveries to less than that");
        }
        int unfinished = Math.max(wished.maxDeliveries(), Math.min(wished.maxUnfinishedDeliveries(), most - 1));
        return wished.mutate().maxUnfinishedDeliveries(unfinished).build();
    }

    private HoldSettings held(HoldSettings wished) {
        // Margins grow with the lease time: one that is longer than any lease is held leaves no room for work.
        Duration longest = within(can.leaseTimeMax(), can.leaseTimeMin(), can.holdMax());
        Duration time = within(wished.leaseTime(), can.leaseTimeMin(), longest);
        if (!time.equals(wished.leaseTime())) {
            advise(
                    "the broker lends for " + can.leaseTimeMin() + " to " + longest + ": a leaseTime of "
                            + wished.leaseTime() + " becomes " + time,
                    "set leaseTime within these bounds");
        }

        // Unless it is set it goes with the lease time.
        Duration hold = Duration.ofNanos(
                wished.mutate().leaseTime(time).build().policy().maxHoldNanos());
        Duration most = holdMax(time);
        Duration set = wished.maxHold();
        if (set != null && set.compareTo(most) > 0) {
            advise(
                    "a maxHold of " + set + " becomes " + most + ": the broker ends a lease by then",
                    "set maxHold below that");
        }
        Duration fitted = hold.compareTo(most) > 0 ? most : set;
        return wished.mutate().leaseTime(time).maxHold(fitted).build();
    }

    /**
     * For how long a run may hold a lease that the broker ends by itself: what its safety margins leave, and a tenth
     * less, so that it is the run that is known to have taken too long, also when it did not start at once.
     */
    private Duration holdMax(Duration leaseTime) {
        Duration total = can.renewsLeases() ? can.holdMax() : within(leaseTime, Duration.ofNanos(1), can.holdMax());
        if (total.equals(Capabilities.UNLIMITED)) {
            return total;
        }

        long sure = LeaseTerms.sureNanos(total.toNanos(), can.crashAllowance().toNanos());
        long budget = LeaseTerms.of(LeaseTime.renewable(leaseTime), can.rules(), Duration.ZERO)
                .budgetNanos();
        return Duration.ofNanos(Math.max(1, (sure - budget) / 10 * 9));
    }

    private static Duration within(Duration value, Duration least, Duration most) {
        Duration up = value.compareTo(least) < 0 ? least : value;
        return up.compareTo(most) > 0 ? most : up;
    }

    private void advise(String what, String remedy) {
        tell.accept(MessagingEvent.of(Kind.ADVICE, group, null, what, remedy));
    }
}
