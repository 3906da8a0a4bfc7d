package io.leasehold.embedded;

import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.TouchItem;
import java.util.List;

/** Touches that wait for their turn. */
final class Touching extends Command {
    private final EmbeddedPort port;
    private final List<? extends TouchItem> items;

    Touching(EmbeddedPort port, List<? extends TouchItem> items) {
        this.port = port;
        this.items = List.copyOf(items);
    }

    @Override
    void take() {
        for (int i = 0; i < items.size(); i++) {
            touch(items.get(i));
        }
    }

    private void touch(TouchItem item) {
        try {
            Grant grant = port.grantOf(item.receipt());
            if (port.session().isClosed() || grant == null) {
                item.refused(grant == null ? LeaseLoss.GROUP_GONE : LeaseLoss.CLOSED);
            } else if (grant.isDisconnected()) {
                item.refused(LeaseLoss.CONNECTION_LOST);
            } else if (item.tryWrite()) {
                port.exchange().fence().touch(grant, item);
            }
        } catch (Throwable fault) {
            port.exchange().fault(fault);
        }
    }
}
