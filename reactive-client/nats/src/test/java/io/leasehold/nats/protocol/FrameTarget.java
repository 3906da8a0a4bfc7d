package io.leasehold.nats.protocol;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.nats.fuzz.FuzzTarget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;

/**
 * Bytes of a server: the same frames come of them, and the same refusal, however they are split; and no more is made
 * for them than the limits and what has come allow.
 */
final class FrameTarget implements FuzzTarget {
    private static final DecoderLimits LIMITS =
            DecoderLimits.builder().lineBytes(4_096).messageBytes(2_048).build();
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Override
    public List<String> seeds() {
        return List.of(
                "INFO {\"server_id\":\"N\",\"headers\":true} \r\nPING\r\npong\r\n+OK\r\n-ERR 'Stale Connection'\r\n",
                "MSG quakes.nc 7 5\r\nhello\r\nmsg\tquakes.nc  \t 7 _INBOX.a.1 0\r\n\r\n",
                "HMSG q 9 $JS.ACK.s.c.1.2.3.4.5 28 35\r\nNATS/1.0\r\nA: 1\r\na:2 \r\n b\r\n\r\n\r\nbody\r\r\n",
                "HMSG _INBOX.x 1 28 28\r\nNATS/1.0 408 Interest  X\r\n\r\n\r\n",
                "MSG q 1 12\r\nMSG q 1 0\r\n\n\r\nMSG q 1 2048\r\n");
    }

    @Override
    public void take(byte[] input) {
        HeardFrames whole = new HeardFrames();
        String refusal = decode(whole, input, List.of(input.length));
        Random random = new Random(input.length == 0 ? 0 : input[input.length / 2]);
        requireSame(input, whole, refusal, random, 1);
        requireSame(input, whole, refusal, random, 1 + random.nextInt(64));
        requireBounded(input);
    }

    private static void requireSame(byte[] input, HeardFrames whole, String refusal, Random random, int most) {
        HeardFrames pieces = new HeardFrames();
        List<Integer> sizes = random.ints(input.length, 1, most + 1).boxed().toList();
        String other = decode(pieces, input, sizes);
        FuzzTarget.require(pieces.lines.equals(whole.lines), "in pieces: " + pieces.lines + " whole: " + whole.lines);
        FuzzTarget.require(other.equals(refusal), "in pieces: " + other + " whole: " + refusal);
    }

    /** How it ended: refused, within a frame, or between two. */
    private static String decode(FrameSink sink, byte[] input, List<Integer> sizes) {
        FrameDecoder decoder = new FrameDecoder(LIMITS, sink);
        ByteBuf all = Unpooled.wrappedBuffer(input);
        try {
            for (int i = 0; all.isReadable(); i++) {
                decoder.decode(all.readSlice(Math.min(sizes.get(i), all.readableBytes())));
            }
            return decoder.isBetweenFrames() ? "between" : "within";
        } catch (MessagingException refused) {
            FuzzTarget.require(refused.code() == ErrorCode.PROTOCOL, "refused as " + refused.code());
            requireDead(decoder);
            return "refused";
        }
    }

    private static void requireDead(FrameDecoder decoder) {
        try {
            decoder.decode(Unpooled.wrappedBuffer(FuzzTarget.bytes("PING\r\n")));
        } catch (MessagingException again) {
            return;
        }
        throw new AssertionError("it goes on after what it has refused");
    }

    // One line, one message, and for each byte that came a few for the frame that it may be.
    private static void requireBounded(byte[] input) {
        Unheard sink = new Unheard();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        decode(sink, input, List.of(input.length));
        long made = THREADS.getCurrentThreadAllocatedBytes() - before;
        FuzzTarget.require(sink.longest <= LIMITS.lineBytes() + LIMITS.messageBytes(), "a frame of " + sink.longest);
        FuzzTarget.require(made <= (256 << 10) + 64L * input.length, made + " bytes for " + input.length);
    }

    private static final class Unheard implements FrameSink {
        private int longest;

        @Override
        public void info(byte[] json) {
            longest = Math.max(longest, json.length);
        }

        @Override
        public void message(MessageFrame frame) {
            longest = Math.max(longest, frame.headEnd() + frame.body().length);
        }

        @Override
        public void ping() {}

        @Override
        public void pong() {}

        @Override
        public void error(String text) {
            longest = Math.max(longest, text.length());
        }
    }
}
