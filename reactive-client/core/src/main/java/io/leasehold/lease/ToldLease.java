package io.leasehold.lease;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A lease and those who are told how it ends: the recorder, then the user's handle, then whoever opened it. */
abstract class ToldLease extends ReportedLease {
    private static final AtomicReferenceFieldUpdater<ToldLease, LeaseHandle> HANDLE =
            AtomicReferenceFieldUpdater.newUpdater(ToldLease.class, LeaseHandle.class, "handle");

    private final LeaseOwner owner;
    private volatile @Nullable LeaseHandle handle;

    ToldLease(LeaseKeeper keeper, LeaseTerms terms, long anchor, LeaseOwner owner) {
        super(keeper, terms, anchor);
        this.owner = owner;
    }

    abstract KeptLease self();

    /** Whoever opened it. */
    public final LeaseOwner owner() {
        return owner;
    }

    /** The user's handle on this lease; always the same one. */
    public final Lease handle() {
        if (handle == null) {
            HANDLE.compareAndSet(this, null, new LeaseHandle(self(), keeper));
        }
        return Objects.requireNonNull(handle);
    }

    /** Releases what was bound; completes when that is done. Null when nothing was. */
    public final @Nullable Mono<Void> releaseBound() {
        LeaseHandle told = handle;
        return told == null ? null : told.releaseBound();
    }

    /** Ends the lease without settling; true when this call ended it. */
    public final boolean lose(LeaseLoss why) {
        if (lose(LeaseState.HELD, why) || lose(LeaseState.SETTLING, why)) {
            ended(why);
            return true;
        }
        return false;
    }

    /** Its settlement has ended. */
    final void settled(SettleAnswer how) {
        keeper.reporter().settled(self(), decided(), how);
        LeaseHandle told = handle;
        if (told != null) {
            told.settled(how);
        }
        owner.leaseSettled(decided(), how);
    }

    /** What was decided is done for the user, although the broker is still to be told. */
    final void promised() {
        LeaseHandle told = handle;
        if (told != null) {
            told.settled(SettleAnswer.DONE);
        }
    }

    /** It was lost. */
    final void ended(LeaseLoss why) {
        keeper.reporter().lost(self(), why);
        LeaseHandle told = handle;
        if (told != null) {
            told.lost(why);
        }
        owner.leaseLost(why);
    }
}
