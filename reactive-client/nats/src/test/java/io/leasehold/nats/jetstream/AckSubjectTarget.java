package io.leasehold.nats.jetstream;

import io.leasehold.nats.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The reply subject of a delivery, against a second reading of it that takes its time. */
final class AckSubjectTarget implements FuzzTarget {
    private static final byte[] FORMER = FuzzTarget.bytes("$JS.ACK.S.C.1.1.1.1.0");

    @Override
    public List<String> seeds() {
        return List.of(
                "$JS.ACK.S.C.1.22.333.1700000000000000000.4",
                "$JS.ACK._.AHASH.S.C.2.22.333.1700000000000000000.4",
                "$JS.ACK.hub.AHASH.S.C.999999999.22.333.1700000000000000000.4.more.and.more",
                "_INBOX.a.1");
    }

    @Override
    public void take(byte[] input) {
        String read = told(AckSubject.of(input, 0, input.length, null));
        FuzzTarget.require(read.equals(slowly(input)), "read as " + read);
        byte[] inside = new byte[input.length + 20];
        System.arraycopy(input, 0, inside, 10, input.length);
        AckSubject former = AckSubject.of(FORMER, 0, FORMER.length, null);
        String within = told(AckSubject.of(inside, 10, 10 + input.length, former));
        FuzzTarget.require(read.equals(within), "within others read as " + within);
    }

    private static String told(@Nullable AckSubject read) {
        if (read == null) {
            return "nothing";
        }
        FuzzTarget.require(read.length() == read.bytes().length, "so long is " + read);
        String whole = new String(read.bytes(), StandardCharsets.ISO_8859_1);
        return read.count() + " " + read.message() + " " + read.delivery() + " of " + whole;
    }

    private static String slowly(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        String[] tokens = text.split("\\.", -1);
        if (!text.startsWith("$JS.ACK.") || tokens.length < 9 || tokens.length == 10) {
            return "nothing";
        }
        int at = tokens.length == 9 ? 4 : 6;
        for (int i = at; i < at + 3; i++) {
            if (!tokens[i].matches("[0-9]{1,18}")) {
                return "nothing";
            }
        }
        long count = Long.parseLong(tokens[at]);
        return count < 1 || count > Integer.MAX_VALUE
                ? "nothing"
                : count + " " + Long.parseLong(tokens[at + 1]) + " " + Long.parseLong(tokens[at + 2]) + " of " + text;
    }
}
