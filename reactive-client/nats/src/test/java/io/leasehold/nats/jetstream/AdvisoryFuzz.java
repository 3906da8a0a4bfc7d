package io.leasehold.nats.jetstream;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.leasehold.nats.fuzz.FuzzTarget;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Searches for what breaks {@link AdvisoryTarget}. */
class AdvisoryFuzz {
    private static final AdvisoryTarget TARGET = FuzzTarget.searched(new AdvisoryTarget());

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
