package io.leasehold.nats.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.leasehold.nats.fuzz.FuzzTarget;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Searches for what breaks {@link FrameTarget}. */
class FrameFuzz {
    private static final FrameTarget TARGET = FuzzTarget.searched(new FrameTarget());

    static Stream<byte[]> seeds() {
        return TARGET.seeds().stream().map(FuzzTarget::bytes);
    }

    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "60s")
    void anything(byte[] input) {
        TARGET.take(input);
    }
}
