package io.leasehold.lease.keeper;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.Scenario;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseReporter;
import io.leasehold.lease.LeaseState;
import io.leasehold.lease.LeaseTerms;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.SettleAnswer;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.Settlement;
import io.leasehold.lease.StoppedTimers;
import io.leasehold.lease.Ticker;
import io.leasehold.lease.TouchItem;
import io.leasehold.pace.Interleavings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever races for a lease, exactly one wins each of its steps. */
@Tag("once")
@Timeout(300)
class LeaseInterleavingsTest {

    /** The state word alone: who wins is told as if one had come after the other. */
    public static class Word {
        private final BareLease lease = new BareLease();

        @Operation
        public boolean ack() {
            return lease.settle(SettleVerb.ACK);
        }

        @Operation
        public boolean nak() {
            return lease.settle(SettleVerb.NAK);
        }

        @Operation
        public boolean lose() {
            return lease.lose(LeaseState.HELD, LeaseLoss.SUPERSEDED);
        }

        @Operation
        public boolean loseUnwritten() {
            return lease.lose(LeaseState.SETTLING, LeaseLoss.EXPIRED);
        }

        @Operation
        public boolean write() {
            return lease.advance(LeaseState.SETTLING, LeaseState.WRITTEN);
        }

        @Operation
        public boolean answer() {
            return lease.advance(LeaseState.WRITTEN, LeaseState.SETTLED);
        }

        @Operation
        public boolean unanswered() {
            return lease.advance(LeaseState.WRITTEN, LeaseState.UNKNOWN);
        }

        @Operation
        public boolean refuse() {
            return lease.lose(LeaseState.WRITTEN, LeaseLoss.SETTLED_ELSEWHERE);
        }

        @Operation
        public LeaseState state() {
            return lease.state();
        }

        @Operation
        public LeaseLoss loss() {
            return lease.lossOrNull();
        }

        @Operation
        public SettleVerb decided() {
            return lease.decidedOrNull();
        }
    }

    /** A word whose steps look first and act then, as a reminder that the check can fail. */
    public static class LooseWord {
        private volatile boolean decided;

        @Operation
        public boolean settle() {
            return decide();
        }

        @Operation
        public boolean lose() {
            return decide();
        }

        private boolean decide() {
            if (decided) {
                return false;
            }
            decided = true;
            return true;
        }
    }

    /** An owner that counts what it is told. */
    private static final class CountingOwner implements LeaseOwner {
        private final AtomicInteger ends = new AtomicInteger();

        @Override
        public void leaseLost(LeaseLoss loss) {
            ends.incrementAndGet();
        }

        @Override
        public void leaseSettled(SettleVerb verb, SettleAnswer answer) {
            ends.incrementAndGet();
        }

        @Override
        public void nakWritten(long now) {}

        @Override
        public void alarm(long now) {}

        @Override
        public void holdExceeded() {}

        @Override
        public boolean childStarted() {
            return true;
        }

        @Override
        public void childEnded() {}
    }

    /** A broker whose bytes are counted, and made whenever a thread gets round to it. */
    private static final class CountingBroker implements Settlement {
        private final AtomicInteger asked = new AtomicInteger();

        @Override
        public void settle(List<? extends SettleItem> items) {
            asked.addAndGet(items.size());
        }

        @Override
        public void touch(List<? extends TouchItem> items) {}

        @Override
        public void abort() {}
    }

    /** A whole lease: owner and broker are told of one end and one settlement at most. */
    public static class Whole {
        private final CountingOwner owner = new CountingOwner();
        private final CountingBroker broker = new CountingBroker();
        private final AtomicInteger naks = new AtomicInteger();
        private final KeptLease lease = open();

        private KeptLease open() {
            StoppedTimers timers = new StoppedTimers();
            Ticker ticker = new Ticker(timers);
            CancelExecutor cancels = new CancelExecutor(timers, timers, ticker, LeaseReporter.NONE);
            LeaseKeeper keeper = new LeaseKeeper(ticker, timers, cancels, timers, LeaseReporter.NONE);
            LeaseTime time = LeaseTime.renewable(Duration.ofSeconds(30));
            LeaseTerms terms = LeaseTerms.of(time, false, Duration.ZERO, Duration.ZERO);
            LeasePolicy policy = LeasePolicy.standard(Duration.ofHours(1));
            return keeper.open(new TestGrant(broker, time, 0), terms, policy, owner);
        }

        @Operation
        public boolean ack() {
            return lease.settle(SettleVerb.ACK, 0, null);
        }

        @Operation
        public boolean nak() {
            return lease.settle(SettleVerb.NAK, 0, null);
        }

        @Operation
        public boolean lose() {
            return lease.lose(LeaseLoss.SUPERSEDED);
        }

        @Operation
        public void encode() {
            if (lease.tryWrite() && lease.decidedOrNull() == SettleVerb.NAK) {
                naks.incrementAndGet();
            }
        }

        @Operation
        public void done() {
            lease.done();
        }

        @Operation
        public void refused() {
            lease.refused(LeaseLoss.SETTLED_ELSEWHERE);
        }

        @Validate
        public void validate() {
            boolean ended = !lease.state().isOpen();
            require(owner.ends.get() == (ended ? 1 : 0), "the owner heard " + owner.ends + " in " + lease.state());
            require(broker.asked.get() <= 1, "the broker was asked " + broker.asked);
            require(naks.get() <= 1, "naks " + naks);
        }
    }

    /** The keeper's inbox: what is pushed is looked at after it was pushed, and nobody is forgotten. */
    public static class Inbox {
        private final TimerInbox inbox = new TimerInbox();
        private final Node[] nodes = {new Node(), new Node(), new Node()};
        private final AtomicInteger owed = new AtomicInteger();

        private static final class Node extends TimerNode {
            private final AtomicInteger wanted = new AtomicInteger();
            private volatile int seen;

            @Override
            long dueNanos() {
                return wanted.get();
            }

            @Override
            void due(long now) {}

            @Override
            void keeperStopped() {}
        }

        @Operation
        public void first() {
            push(nodes[0]);
        }

        @Operation
        public void second() {
            push(nodes[1]);
        }

        @Operation
        public void third() {
            push(nodes[2]);
        }

        private void push(Node node) {
            node.wanted.incrementAndGet();
            if (inbox.push(node)) {
                owed.incrementAndGet();
            }
        }

        @Operation(nonParallelGroup = "keeper")
        public void look() {
            if (owed.get() == 0) {
                return;
            }
            owed.decrementAndGet();
            inbox.looking();
            TimerNode node = inbox.takeAll();
            while (node != null) {
                TimerNode following = node.inboxNext;
                node.leaveInbox();
                ((Node) node).seen = (int) node.dueNanos();
                node = following;
            }
        }

        @Validate
        public void validate() {
            while (owed.get() > 0) {
                look();
            }
            for (Node node : nodes) {
                require(node.seen == node.wanted.get(), "seen " + node.seen + " of " + node.wanted);
            }
        }
    }

    /** An alarm that is set anew while the one before it rings. */
    public static class Alarm {
        private static final long SOON = 10;
        private static final long LATER = 1000;

        private final Whole whole = new Whole();
        private volatile boolean set;

        public Alarm() {
            whole.lease.alarmAt(SOON);
        }

        @Operation(nonParallelGroup = "keeper")
        public void due() {
            whole.lease.due(SOON);
        }

        @Operation(runOnce = true)
        public void setAnew() {
            whole.lease.alarmAt(LATER);
            set = true;
        }

        @Validate
        public void validate() {
            require(!set || whole.lease.alarmNanos() == LATER, "the alarm is forgotten");
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    @Test
    void aRaceThatTwoWinWouldBeFound() {
        assertThatThrownBy(() -> Interleavings.check(LooseWord.class, 2, 1)).isInstanceOf(AssertionError.class);
    }

    @Test
    void eachStepOfTheStateWordHasOneWinner() {
        Interleavings.check(Word.class, 3, 3);
    }

    @Test
    @Scenario(28)
    void aLeaseEndsOnceAndIsSettledAtMostOnce() {
        Interleavings.check(Whole.class, 2, 3);
    }

    @Test
    void nobodyInTheKeepersInboxIsForgotten() {
        Interleavings.check(Inbox.class, 3, 3);
    }

    @Test
    void anAlarmThatIsSetWhileAnotherRingsIsNotForgotten() {
        Interleavings.check(Alarm.class, 2, 1);
    }
}
