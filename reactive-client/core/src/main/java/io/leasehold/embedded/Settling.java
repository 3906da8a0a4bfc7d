package io.leasehold.embedded;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.SettleItem;
import java.util.List;

/** Settlements that wait for their turn. */
final class Settling extends Command {
    private final EmbeddedPort port;
    private final List<? extends SettleItem> items;

    Settling(EmbeddedPort port, List<? extends SettleItem> items) {
        this.port = port;
        this.items = List.copyOf(items);
    }

    @Override
    void take() {
        for (int i = 0; i < items.size(); i++) {
            settle(items.get(i));
        }
    }

    private void settle(SettleItem item) {
        try {
            Grant grant = port.grantOf(item.receipt());
            if (port.session().isClosed() || grant == null) {
                item.refused(grant == null ? LeaseLoss.GROUP_GONE : LeaseLoss.CLOSED);
            } else if (grant.isDisconnected()) {
                item.refused(LeaseLoss.CONNECTION_LOST);
            } else if (item.tryWrite()) {
                item.written();
                port.exchange().fence().settle(grant, item);
                grant.held().group().dispatch();
            }
        } catch (Throwable fault) {
            port.exchange().fault(fault);
        }
    }
}
