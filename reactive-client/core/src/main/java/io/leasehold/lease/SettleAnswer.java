package io.leasehold.lease;

import io.leasehold.api.BrokerApi;

/** Says how a settlement that was not refused ended. */
@BrokerApi
public enum SettleAnswer {
    /** Done at the chosen {@link SettlementLevel}. */
    DONE,
    /** Written, but no answer came before the work deadline: it may or may not have happened. */
    UNKNOWN
}
