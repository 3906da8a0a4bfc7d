package io.leasehold.nats.protocol;

import io.leasehold.message.Headers;
import io.leasehold.nats.fuzz.FuzzTarget;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/**
 * A header block: it has a status or none, what is read of it and written again is read as the same, and reading many
 * of its lines takes no longer than reading them by themselves.
 */
final class HeaderTarget implements FuzzTarget {
    private static final int LONG_BYTES = 64 * 1_024;
    // Every so-many-th input, by its bytes, so that the same one shows the same.
    private static final int LENGTHENED = 64;

    @Override
    public List<String> seeds() {
        return List.of(
                "NATS/1.0\r\nA: 1\r\na:2 \r\nWhere: \u00e6\u009d\u00b1\r\n\r\n",
                "NATS/1.0 408 Request Timeout\r\nNats-Pending-Messages: 4\r\nNats-Pending-Bytes: 0\r\n\r\n",
                "NATS/1.0 503\r\n\r\n",
                "NATS/1.0\r\n" + "a:b\r\n".repeat(20) + "\r\n",
                "NATS/1.0 503\rNATS/1.0 408 Request Timeout\r0\nNats-Pending-Messages: 4\r\n\r\n",
                "NATS/1.0   100   Idle Heartbeat\r\nNats-Last-Consumer: 1\r\nbroken\r\n:none\r\n\r\n");
    }

    private static byte[] lengthened(byte[] input) {
        ByteArrayOutputStream many = new ByteArrayOutputStream(LONG_BYTES);
        many.writeBytes(FuzzTarget.bytes("NATS/1.0\r\n"));
        while (many.size() + input.length + 2 < LONG_BYTES) {
            many.writeBytes(input);
            many.writeBytes(FuzzTarget.bytes("\r\n"));
        }
        return many.toByteArray();
    }

    @Override
    public void take(byte[] input) {
        MessageFrame frame = TestFrames.withHeader(input);
        int status = HeaderBlock.status(frame);
        FuzzTarget.require(status >= -1 && status <= 999 && (status <= 0 || status >= 100), "status " + status);
        FuzzTarget.require(HeaderBlock.statusText(frame).indexOf('\n') < 0, "a status over two lines");
        Headers headers = HeaderBlock.headers(frame);
        FuzzTarget.require(headers.size() <= HeaderBlock.LINES_MAX, headers.size() + " headers");
        headers.forEach((name, value) -> {
            FuzzTarget.require(value.indexOf('\r') < 0 && value.indexOf('\n') < 0, "a value over two lines");
            FuzzTarget.require(HeaderBlock.first(frame, FuzzTarget.bytes(name)) != null, "first of " + name);
        });
        if (Math.floorMod(Arrays.hashCode(input), LENGTHENED) == 0) {
            byte[] longer = lengthened(input);
            FuzzTarget.requireQuick(longer.length, () -> HeaderBlock.headers(TestFrames.withHeader(longer)));
        }
        Headers again = HeaderBlock.headers(TestFrames.withHeader(HeaderBlock.of(headers)));
        FuzzTarget.require(again.equals(headers), headers + " was read again as " + again);
    }
}
