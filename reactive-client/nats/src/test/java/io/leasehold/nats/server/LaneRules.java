package io.leasehold.nats.server;

import java.util.Random;

/**
 * What happens to bytes that go one way.
 *
 * @param held nothing arrives, not even an end
 * @param leastDelayNanos how long bytes are under way, at least
 * @param mostDelayNanos and at most; the order of bytes stays
 * @param bytesPerSecond 0: no limit
 * @param largestPiece into how small pieces bytes are cut at random; 0: not at all
 * @param random where delays and sizes of pieces come from
 */
record LaneRules(
        boolean held, long leastDelayNanos, long mostDelayNanos, long bytesPerSecond, int largestPiece, Random random) {
    private static final int PIECES_PER_SECOND = 50;

    static final LaneRules NONE = new LaneRules(false, 0, 0, 0, 0, new Random(0));

    LaneRules held(boolean nowHeld) {
        return new LaneRules(nowHeld, leastDelayNanos, mostDelayNanos, bytesPerSecond, largestPiece, random);
    }

    LaneRules delayed(long least, long most, long seed) {
        return new LaneRules(held, least, most, bytesPerSecond, largestPiece, new Random(seed));
    }

    LaneRules limited(long bytes) {
        return new LaneRules(held, leastDelayNanos, mostDelayNanos, bytes, largestPiece, random);
    }

    LaneRules split(int largest, long seed) {
        return new LaneRules(held, leastDelayNanos, mostDelayNanos, bytesPerSecond, largest, new Random(seed));
    }

    long drawDelayNanos() {
        long spread = mostDelayNanos - leastDelayNanos;
        return spread == 0 ? leastDelayNanos : leastDelayNanos + (long) (random.nextDouble() * spread);
    }

    /** How many of these bytes are to go together. */
    int drawPiece(int bytes) {
        int piece = bytes;
        if (largestPiece > 0) {
            piece = Math.min(piece, 1 + random.nextInt(largestPiece));
        }
        if (bytesPerSecond > 0) {
            piece = (int) Math.min(piece, Math.max(1, bytesPerSecond / PIECES_PER_SECOND));
        }
        return piece;
    }

    /** How long this many bytes occupy the line. */
    long lineNanos(int bytes) {
        return bytesPerSecond == 0 ? 0 : bytes * 1_000_000_000L / bytesPerSecond;
    }
}
