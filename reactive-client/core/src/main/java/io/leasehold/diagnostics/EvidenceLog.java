package io.leasehold.diagnostics;

import java.util.List;

/**
 * What was kept of the last deliveries that went wrong.
 *
 * @param kept at most {@value #KEPT_MAX}, the newest first
 * @param skipped of how many nothing was kept because too many came at once
 */
public record EvidenceLog(List<Evidence> kept, long skipped) {
    /** How many are kept. */
    public static final int KEPT_MAX = 64;

    /** Copies the list. */
    public EvidenceLog {
        kept = List.copyOf(kept);
    }
}
