package io.leasehold.nats.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.nats.protocol.MessageFrame;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AccountLimitsTest {
    private static final StreamSettings.Storage FILE = StreamSettings.Storage.FILE;
    private static final StreamSettings.Storage MEMORY = StreamSettings.Storage.MEMORY;

    private static AccountLimits told(String json) {
        byte[] subject = {'a'};
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return new AccountLimits(ApiResponse.of(MessageFrame.of(subject, new byte[0], body)));
    }

    @Test
    void withoutLimitsAStreamHasNone() {
        assertThat(AccountLimits.UNTOLD.bytesFor(FILE, 1)).isEmpty();
        assertThat(told("{'limits':{'max_storage':-1,'max_memory':-1}}").bytesFor(FILE, 3))
                .isEmpty();
    }

    @Test
    void aStreamGetsAQuarterOfWhatIsLeftOfTheLimit() {
        AccountLimits room =
                told("{'storage':100000000,'reserved_storage':200000000,'limits':{'max_storage':600000000}}");

        assertThat(room.bytesFor(FILE, 1)).isEqualTo(OptionalLong.of(100_000_000));
        assertThat(room.bytesFor(FILE, 2)).isEqualTo(OptionalLong.of(50_000_000));
        assertThat(room.bytesFor(MEMORY, 1)).isEmpty();
    }

    @Test
    void aTierOfReplicasHasItsOwnLimit() {
        AccountLimits room = told("{'limits':{},'tiers':{'R3':{'storage':0,'limits':{'max_storage':80000000}}}}");

        assertThat(room.bytesFor(FILE, 3)).isEqualTo(OptionalLong.of(20_000_000));
        assertThat(room.bytesFor(FILE, 1)).isEmpty();
    }

    @Test
    void whatAnAccountAllowsAStreamIsKeptToAndABoundThatItWantsIsGiven() {
        assertThat(told("{'limits':{'max_storage':-1,'storage_max_stream_bytes':7000}}")
                        .bytesFor(FILE, 1))
                .isEqualTo(OptionalLong.of(7_000));
        assertThat(told("{'limits':{'max_storage':-1,'max_bytes_required':true}}")
                        .bytesFor(FILE, 1))
                .isEqualTo(OptionalLong.of(1 << 30));
    }

    @Test
    void reservationsBeyondTheLimitAreTakenForNone() {
        assertThat(told("{'reserved_storage':18446744073709551615,'limits':{'max_storage':40000000}}")
                        .bytesFor(FILE, 1))
                .isEqualTo(OptionalLong.of(10_000_000));
    }
}
