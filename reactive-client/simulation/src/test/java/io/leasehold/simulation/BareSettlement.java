package io.leasehold.simulation;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import io.leasehold.lease.SettleVerb;
import org.jspecify.annotations.Nullable;

/**
 * A settlement that nobody waits for, on the bare SPI.
 *
 * @param receipt of the handout
 * @param verb what is written, without delay or reason
 */
record BareSettlement(Object receipt, SettleVerb verb) implements SettleItem {
    @Override
    public long delayNanos() {
        return 0;
    }

    @Override
    public @Nullable String reason() {
        return null;
    }

    @Override
    public boolean isRelease() {
        return false;
    }

    @Override
    public boolean tryWrite() {
        return true;
    }

    @Override
    public void written() {}

    @Override
    public void done() {}

    @Override
    public void refused(LeaseLoss loss) {}
}
