package io.leasehold.diagnostics;

import io.leasehold.consume.GroupHoldings;
import io.leasehold.consume.HeldItem;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries with the nearest deadlines that come after a cursor. A delivery whose deadline moves meanwhile may be
 * seen again on a later page.
 */
final class Page {
    private static final Comparator<HeldItem> ORDER =
            Comparator.comparingLong(HeldItem::deadlineNanos).thenComparingLong(HeldItem::number);

    private final int limit;
    private final long afterDeadline;
    private final long afterNumber;
    private final PriorityQueue<HeldItem> nearest = new PriorityQueue<>(ORDER.reversed());

    private Page(int limit, long afterDeadline, long afterNumber) {
        this.limit = limit;
        this.afterDeadline = afterDeadline;
        this.afterNumber = afterNumber;
    }

    /**
     * A page that is to be filled.
     *
     * @throws MessagingException {@link ErrorCode#BAD_SETTING} for a limit out of bounds or a cursor that is none
     */
    static Page of(int limit, @Nullable String cursor) {
        if (limit < 1 || limit > ClientSnapshot.PAGE_MAX) {
            throw bad("limit", limit + " is not in 1.." + ClientSnapshot.PAGE_MAX);
        }
        if (cursor == null) {
            return new Page(limit, Long.MIN_VALUE, Long.MIN_VALUE);
        }
        int dot = cursor.indexOf('.');
        try {
            long deadline = Long.parseUnsignedLong(cursor.substring(0, Math.max(0, dot)), 16);
            return new Page(limit, deadline, Long.parseUnsignedLong(cursor.substring(dot + 1), 16));
        } catch (NumberFormatException none) {
            throw bad("cursor", "is none that a snapshot gave");
        }
    }

    private static MessagingException bad(String setting, String problem) {
        return new MessagingException(
                ErrorCode.BAD_SETTING, problem, setting, "choose a limit within the bounds, and the cursor of a page");
    }

    void add(GroupHoldings holdings) {
        for (HeldItem item : holdings.held()) {
            if (isAfter(item)) {
                nearest.add(item);
                // One more than asked for tells whether a page follows.
                if (nearest.size() > limit + 1) {
                    nearest.remove();
                }
            }
        }
    }

    private boolean isAfter(HeldItem item) {
        long deadline = item.deadlineNanos();
        return deadline > afterDeadline || (deadline == afterDeadline && item.number() > afterNumber);
    }

    List<HeldItem> items() {
        List<HeldItem> all = new ArrayList<>(nearest);
        all.sort(ORDER);
        return all.size() > limit ? all.subList(0, limit) : all;
    }

    @Nullable
    String next() {
        if (nearest.size() <= limit) {
            return null;
        }
        HeldItem last = items().get(limit - 1);
        return Long.toHexString(last.deadlineNanos()) + "." + Long.toHexString(last.number());
    }
}
