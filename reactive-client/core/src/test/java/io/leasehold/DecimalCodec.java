package io.leasehold;

import io.leasehold.message.Codec;
import io.leasehold.message.Message;
import java.nio.charset.StandardCharsets;

/** Reads and writes numbers in decimal digits; anything else cannot be decoded. */
public final class DecimalCodec implements Codec<Integer> {
    @Override
    public byte[] encode(Integer value) {
        return value.toString().getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public Integer decode(Message message) {
        return Integer.valueOf(message.text());
    }
}
