package io.leasehold.nats.jetstream;

import io.leasehold.nats.fuzz.FuzzTarget;
import io.leasehold.nats.protocol.HeaderBlock;
import io.leasehold.nats.protocol.MessageFrame;
import io.leasehold.nats.protocol.TestFrames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What anybody may publish where advisories come from, and statuses: an input is a line with a subject, or the text of
 * a status, and a body.
 */
final class AdvisoryTarget implements FuzzTarget, Advisories.Hints {
    private int hints;

    @Override
    public List<String> seeds() {
        String prefix = "$JS.EVENT.ADVISORY.CONSUMER.";
        return List.of(
                prefix + "MSG_NAKED.S.C\n{\"stream_seq\":3,\"consumer_seq\":4,\"deliveries\":1}",
                prefix + "MAX_DELIVERIES.S.C\n{\"stream_seq\":3,\"deliveries\":5}",
                prefix + "MSG_TERMINATED.S.C\n{\"stream_seq\":3,\"reason\":\"r\"}",
                prefix + "DELETED.S.C\n{}",
                "409 Consumer Deleted\nx",
                "408 Request Timeout\nx");
    }

    @Override
    public void take(byte[] input) {
        int end = 0;
        while (end < input.length && input[end] != '\n') {
            end++;
        }
        String first = new String(input, 0, end, StandardCharsets.ISO_8859_1).replaceAll("[^!-~]", "_");
        byte[] body = Arrays.copyOfRange(input, Math.min(input.length, end + 1), input.length);
        hints = 0;
        new Advisories(this).message(TestFrames.of(first.isEmpty() ? "_" : first, body));
        FuzzTarget.require(hints <= 1, hints + " hints of one advisory");
        MessageFrame status =
                TestFrames.withHeader(FuzzTarget.bytes("NATS/1.0 " + first.replace('_', ' ') + "\r\n\r\n"));
        String text = HeaderBlock.statusText(status);
        PullStatus meaning = PullStatus.of(HeaderBlock.status(status), text);
        boolean saysDeleted = text.toLowerCase(Locale.ROOT).contains("consumer deleted");
        FuzzTarget.require(meaning != PullStatus.DELETED || saysDeleted, "taken for deleted: " + text);
    }

    @Override
    public void changed() {
        hints++;
    }

    @Override
    public void unheard() {
        throw new AssertionError("no subscription failed");
    }

    @Override
    public void moved() {
        hints++;
    }

    @Override
    public void terminated(long message) {
        hints++;
    }

    @Override
    public void naked(long message, long delivery) {
        hints++;
    }

    @Override
    public void givenUp(long message, long deliveries) {
        hints++;
    }
}
