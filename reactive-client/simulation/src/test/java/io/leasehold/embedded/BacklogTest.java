package io.leasehold.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.broker.GroupSpec;
import io.leasehold.broker.StartPosition;
import io.leasehold.broker.contract.VirtualClock;
import io.leasehold.message.Message;
import io.leasehold.message.TopicFilter;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What waits in a group keeps its place, and only one. */
final class BacklogTest {
    private final VirtualClock clock = new VirtualClock();
    private final EmbeddedSettings settings = EmbeddedSettings.defaults();
    private final Group group = new Group(
            new GroupSpec("g", TopicFilter.of("a"), Duration.ofSeconds(30), StartPosition.LATEST),
            1,
            settings,
            new Capacity(settings),
            new ExpiryTimers(clock.scheduler(), Command::take, fault -> {}),
            name -> {});
    private final Backlog backlog = new Backlog(group);

    @AfterEach
    void tearDown() {
        clock.close();
    }

    private static StoredMessage stored(long sequence) {
        return new StoredMessage(Message.to("a"), sequence);
    }

    @Test
    void whatComesAgainComesFirst() {
        PendingMessage again = new PendingMessage(group, stored(2));
        backlog.add(stored(1));
        backlog.addAgain(again);

        assertThat(backlog.size()).isEqualTo(2);
        assertThat(backlog.poll()).isSameAs(again);
    }

    @Test
    void whatLeavesAndComesBackTakesNoSecondPlace() {
        PendingMessage held = new PendingMessage(group, stored(1));
        for (int i = 0; i < 10; i++) {
            backlog.addAgain(held);
            held.become(MessageState.DELAYED);
            backlog.left();
            held.become(MessageState.QUEUED);
        }
        backlog.addAgain(held);

        assertThat(backlog.size()).isEqualTo(1);
        assertThat(backlog.drain()).containsExactly(held);
    }

    @Test
    void whatWasSettledMeanwhileIsSkipped() {
        PendingMessage settled = new PendingMessage(group, stored(1));
        backlog.addAgain(settled);
        settled.become(MessageState.SETTLED);
        backlog.left();

        assertThat(backlog.isEmpty()).isTrue();
        assertThat(backlog.poll()).isNull();
    }
}
