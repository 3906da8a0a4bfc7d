package io.leasehold.embedded;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.SettleVerb;
import org.jspecify.annotations.Nullable;

/** A settlement whose gate throws. */
record ThrowingSettle(SettleItem item) implements SettleItem {
    @Override
    public Object receipt() {
        return item.receipt();
    }

    @Override
    public SettleVerb verb() {
        return item.verb();
    }

    @Override
    public long delayNanos() {
        return item.delayNanos();
    }

    @Override
    public @Nullable String reason() {
        return item.reason();
    }

    @Override
    public boolean isRelease() {
        return item.isRelease();
    }

    @Override
    public boolean tryWrite() {
        throw new IllegalStateException("gate");
    }

    @Override
    public void written() {}

    @Override
    public void done() {}

    @Override
    public void refused(LeaseLoss loss) {}
}
