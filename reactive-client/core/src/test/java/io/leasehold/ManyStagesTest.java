package io.leasehold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.message.Message;
import io.leasehold.message.PublishReceipt;
import io.leasehold.message.Retention;
import io.leasehold.pace.StageAnswer;
import io.leasehold.publish.PublishOutcome;
import io.leasehold.publish.PublishStage;
import io.leasehold.publish.PublishView;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** How many stages a client may have. */
class ManyStagesTest {
    private final List<Long> left = new ArrayList<>();

    /** Keeps its number in its state, and tells at the end what it finds there. */
    private final class Numbered implements PublishStage {
        private final long number;

        Numbered(long number) {
            this.number = number;
        }

        @Override
        public StageAnswer enter(PublishView view, long now) {
            view.state(number);
            return StageAnswer.PROCEED;
        }

        @Override
        public void exit(PublishView view, PublishOutcome outcome, long now) {
            left.add(view.state());
        }
    }

    @Test
    void eachOfAsManyStagesAsThereMayBeKeepsItsOwnState() {
        MessageClientBuilder builder = MessageClient.builder();
        List<Long> expected = new ArrayList<>();
        for (long number = MessageClientBuilder.STAGES_MAX; number > 0; number--) {
            builder.stage(new Numbered(number));
            expected.add(0, number);
        }
        MessageClient client = builder.build();

        StepVerifier.create(client.declare("quakes.>", Retention.defaults())
                        .then(client.publish(Message.to("quakes.nc").id("one").body("a")))
                        .map(PublishReceipt::duplicate))
                .expectNext(false)
                .verifyComplete();

        assertThat(left).isEqualTo(expected);
        StepVerifier.create(client.close()).verifyComplete();
    }

    @Test
    void oneStageMoreIsRefused() {
        MessageClientBuilder builder = MessageClient.builder();
        for (int number = 0; number < MessageClientBuilder.STAGES_MAX; number++) {
            builder.stage(new Numbered(number));
        }

        assertThatThrownBy(() -> builder.stage(new Numbered(0)))
                .isInstanceOfSatisfying(
                        MessagingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_SETTING));
    }
}
