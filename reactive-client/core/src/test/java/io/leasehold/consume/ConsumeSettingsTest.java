package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.leasehold.MessageClient;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Bad settings get an error that names the setting, the value and the bound. */
class ConsumeSettingsTest {
    private final MessageClient client = MessageClient.builder().build();

    @AfterEach
    void close() {
        client.close().block(Duration.ofSeconds(10));
    }

    private MessageConsumer<String> consumer() {
        return client.consumer("quakes.>", "assessors", String.class);
    }

    private MessagingException refused(UnaryOperator<MessageConsumer<String>> change) {
        return catchThrowableOfType(MessagingException.class, () -> change.apply(consumer()));
    }

    private void assertBadSetting(String setting, UnaryOperator<MessageConsumer<String>> change) {
        MessagingException error = refused(change);
        assertThat(error.code()).isEqualTo(ErrorCode.BAD_SETTING);
        assertThat(error.subject()).isEqualTo(setting);
        assertThat(error.remedy()).isNotBlank();
    }

    @Test
    void everyBoundNamesItsSetting() {
        assertBadSetting("leasehold.consumer.concurrency", c -> c.concurrency(0));
        assertBadSetting("leasehold.consumer.prefetch", c -> c.prefetch(-1));
        assertBadSetting("leasehold.consumer.max-waiting", c -> c.maxWaiting(-1));
        assertBadSetting("leasehold.consumer.max-lane-wait", c -> c.maxLaneWait(Duration.ZERO));
        assertBadSetting("leasehold.consumer.lease-time", c -> c.leaseTime(Duration.ZERO));
        assertBadSetting("leasehold.consumer.lease-time", c -> c.leaseTime(Duration.ofDays(1000)));
        assertBadSetting("leasehold.consumer.max-hold", c -> c.maxHold(Duration.ofSeconds(-1)));
        assertBadSetting("leasehold.consumer.handler-timeout", c -> c.handlerTimeout(Duration.ZERO));
        assertBadSetting("leasehold.consumer.max-deliveries", c -> c.maxDeliveries(0));
        assertBadSetting("leasehold.consumer.max-unfinished-deliveries", c -> c.maxUnfinishedDeliveries(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a..b", ".a", "a.", "a.>.b", "a*", "a.b\n", "größe"})
    void aTopicFilterThatCannotBeIsRefused(String filter) {
        MessagingException error =
                catchThrowableOfType(MessagingException.class, () -> client.consumer(filter, "g", String.class));

        assertThat(error.code()).isEqualTo(ErrorCode.BAD_TOPIC);
    }

    @Test
    void aDeadLetterTopicWithASpaceIsRefused() {
        assertThat(refused(c -> c.deadLetterTo("dead letters")).code()).isEqualTo(ErrorCode.BAD_TOPIC);
    }

    @Test
    void aDeadLetterTopicThatTheConsumerWouldConsumeIsRefusedAtTheStart() {
        assertStartRefused(ErrorCode.TOPIC_LOOP, consumer().deadLetterTo("quakes.dead"));
    }

    @Test
    void aLeaseTimeWithoutRoomForWorkIsRefusedAtTheStart() {
        assertStartRefused(ErrorCode.LEASE_TIME_TOO_SHORT, consumer().leaseTime(Duration.ofMillis(400)));
    }

    @Test
    void aTypeWithoutACodecIsRefusedAtTheStart() {
        assertStartRefused(ErrorCode.CODEC_MISSING, client.consumer("quakes.>", "assessors", Duration.class));
    }

    @Test
    void aClosedClientIsRefusedAtTheStart() {
        MessageConsumer<String> consumer = consumer();
        client.close().block(Duration.ofSeconds(10));

        assertStartRefused(ErrorCode.CLOSED, consumer);
    }

    private static <T> void assertStartRefused(ErrorCode code, MessageConsumer<T> consumer) {
        Throwable error = consumer.handle(delivery -> Mono.empty())
                .then()
                .materialize()
                .mapNotNull(reactor.core.publisher.Signal::getThrowable)
                .block(Duration.ofSeconds(10));
        assertThat(error).isInstanceOf(MessagingException.class);
        assertThat(MessagingException.codeOf(error)).isEqualTo(code);
    }

    @Test
    void equalSettingsAreEqual() {
        assertThat(consumer().concurrency(3).settings())
                .isEqualTo(consumer().concurrency(3).settings());
        assertThat(consumer().concurrency(3).settings())
                .isNotEqualTo(consumer().concurrency(4).settings());
    }
}
