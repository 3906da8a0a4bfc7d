package io.leasehold.nats.fuzz;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** Gives a target its seeds, all their beginnings, and thousands of random changes of them. */
public final class Mutations {
    private static final int COUNT = 20_000;
    private static final int CHANGES_MAX = 6;

    private Mutations() {}

    /** A failure names the seed of the run, which {@code -Dtest.seed} repeats, and the input. */
    public static void feed(FuzzTarget target) {
        long seed = Long.getLong("test.seed", 1);
        Random random = new Random(seed);
        List<byte[]> seeds = target.seeds().stream().map(FuzzTarget::bytes).toList();
        for (byte[] each : seeds) {
            for (int length = 0; length <= each.length; length++) {
                feed(target, Arrays.copyOf(each, length), seed);
            }
        }
        for (int i = 0; i < COUNT; i++) {
            byte[] input = seeds.get(random.nextInt(seeds.size())).clone();
            for (int left = 1 + random.nextInt(CHANGES_MAX); left > 0; left--) {
                input = changed(input, seeds, random);
            }
            feed(target, input, seed);
        }
    }

    private static void feed(FuzzTarget target, byte[] input, long seed) {
        try {
            target.take(input);
        } catch (Throwable failed) {
            String shown = HexFormat.of().formatHex(input);
            throw new AssertionError("-Dtest.seed=" + seed + ", input " + shown, failed);
        }
    }

    private static byte[] changed(byte[] input, List<byte[]> seeds, Random random) {
        if (input.length == 0) {
            return seeds.get(random.nextInt(seeds.size())).clone();
        }
        int at = random.nextInt(input.length);
        int to = at + random.nextInt(Math.min(16, input.length - at) + 1);
        return switch (random.nextInt(6)) {
            case 0 -> with(input, at, at + 1, new byte[] {(byte) random.nextInt(256)});
            case 1 -> with(input, at, to, new byte[0]);
            case 2 -> with(input, at, at, Arrays.copyOfRange(input, at, to));
            case 3 -> with(input, at, at, number(random));
            case 4 -> with(input, at, at, new byte[] {(byte) " \t\r\n.:\"\\{}[],-\0'".charAt(random.nextInt(16))});
            default -> with(input, at, input.length, seeds.get(random.nextInt(seeds.size())));
        };
    }

    private static byte[] number(Random random) {
        long[] edges = {0, -1, 9, 99, 4_096, 65_536, 999_999_999, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE};
        return FuzzTarget.bytes(Long.toString(edges[random.nextInt(edges.length)]));
    }

    private static byte[] with(byte[] input, int from, int to, byte[] instead) {
        byte[] changed = new byte[input.length - (to - from) + instead.length];
        System.arraycopy(input, 0, changed, 0, from);
        System.arraycopy(instead, 0, changed, from, instead.length);
        System.arraycopy(input, to, changed, from + instead.length, input.length - to);
        return changed;
    }
}
