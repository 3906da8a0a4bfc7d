package com.example.broker;

import io.leasehold.broker.Handout;
import io.leasehold.lease.FencingToken;
import io.leasehold.lease.LeaseLoss;
import io.leasehold.lease.LeaseTime;
import io.leasehold.lease.SettleVerb;
import io.leasehold.lease.Settlement;
import io.leasehold.message.Message;
import org.jspecify.annotations.Nullable;

/** One delivery, and its own receipt. */
final class PlainGrant implements Handout {
    private final PlainEntry entry;
    private final PlainPort taker;
    private final long anchorNanos;
    private final int count;
    private final int releases;
    private @Nullable SettleVerb settledBy;

    PlainGrant(PlainEntry entry, PlainPort taker, long anchorNanos, int count, int releases) {
        this.entry = entry;
        this.taker = taker;
        this.anchorNanos = anchorNanos;
        this.count = count;
        this.releases = releases;
    }

    PlainEntry entry() {
        return entry;
    }

    PlainPort taker() {
        return taker;
    }

    @Nullable
    LeaseLoss loss() {
        return entry.loss(this);
    }

    boolean wasSettledBy(SettleVerb verb) {
        return settledBy == verb;
    }

    void settledBy(SettleVerb verb) {
        settledBy = verb;
    }

    @Override
    public Object ref() {
        return entry.sequence();
    }

    @Override
    public Message message() {
        return entry.message();
    }

    @Override
    public int releases() {
        return releases;
    }

    @Override
    public Settlement settlement() {
        return taker;
    }

    @Override
    public Object receipt() {
        return this;
    }

    @Override
    public LeaseTime leaseTime() {
        return LeaseTime.renewable(taker.spec().leaseTime());
    }

    @Override
    public long anchorNanos() {
        return anchorNanos;
    }

    @Override
    public long touchByNanos() {
        return Long.MAX_VALUE;
    }

    @Override
    public @Nullable FencingToken token() {
        return null;
    }

    @Override
    public int deliveryCount() {
        return count;
    }
}
