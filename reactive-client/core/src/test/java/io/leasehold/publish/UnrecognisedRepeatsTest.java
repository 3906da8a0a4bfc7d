package io.leasehold.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.error.ErrorCode;
import io.leasehold.event.CallerContext;
import io.leasehold.lease.Ticker;
import io.leasehold.message.Codecs;
import io.leasehold.message.PublishReceipt;
import io.leasehold.pace.TaskLoops;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a broker would store a repetition as another message, nothing is repeated that it may have. */
class UnrecognisedRepeatsTest {
    private final PublishDesk desk = PublishDesk.open();
    private final MessagePublisher publisher = Publishing.open(new PublishContext(
                    desk.port,
                    false,
                    PublishSettings.defaults(),
                    Codecs.builtIn(),
                    new Ticker(desk.time),
                    desk.time,
                    new TaskLoops(desk.time, 1, desk.recorder::fault),
                    desk.recorder,
                    List.of(),
                    CallerContext.NONE))
            .publisher();

    private Heard<PublishReceipt> published() {
        Heard<PublishReceipt> heard = Heard.of(publisher.publish(PublishDesk.message("a")));
        desk.pass(Duration.ofSeconds(10));
        return heard;
    }

    @Test
    void whatTheBrokerMayHaveIsNotWrittenAgainAndEndsUnknown() {
        desk.port.fails(ErrorCode.UNKNOWN);

        Heard<PublishReceipt> heard = published();

        assertThat(desk.port.written).containsExactly("a");
        assertThat(heard.refusal().isUnknown()).isTrue();
    }

    @Test
    void whatTheBrokerRefusedIsWrittenAgain() {
        desk.port.fails(ErrorCode.BROKER_FULL);

        Heard<PublishReceipt> heard = published();

        assertThat(desk.port.written).hasSize(6);
        assertThat(heard.refusal().isUnknown()).isFalse();
    }
}
