package io.leasehold.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leasehold.Heard;
import io.leasehold.MessageClient;
import io.leasehold.Room;
import io.leasehold.error.ErrorCode;
import io.leasehold.error.MessagingException;
import io.leasehold.event.MessagingEvent.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A group is steered by its name, apart from what describes its consumer. */
class GroupControlTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @RegisterExtension
    final Room room = Room.fenced();

    private final MessageClientOfTest one = new MessageClientOfTest();

    /** What a control can be asked for where something is consumed. */
    enum Call {
        PAUSE(GroupControl::pause),
        RESUME(GroupControl::resume),
        APPLY(control -> control.apply(ConsumeSettings.defaults())),
        BEGUN(GroupControl::begun),
        SNAPSHOT(GroupControl::snapshot),
        DRAIN(control -> control.drain(SECOND));

        private final Function<GroupControl, Mono<?>> made;

        Call(Function<GroupControl, Mono<?>> made) {
            this.made = made;
        }
    }

    private final class MessageClientOfTest {
        private MessageClient client;

        MessageClient get() {
            client = client == null ? room.client("one") : client;
            return client;
        }

        MessageConsumer<String> consumer() {
            return get().consumer("quakes.>", "assessors", String.class).leaseTime(Room.T);
        }

        GroupControl control() {
            return get().group("assessors");
        }
    }

    private Heard<Outcome> running() {
        return room.hear(one.consumer().handle(delivery -> Mono.empty()));
    }

    @Test
    void noRunBeginsOnceItIsPausedThoughItHadItsSlot() {
        Queue<Runnable> busy = new ConcurrentLinkedQueue<>();
        AtomicBoolean free = new AtomicBoolean();
        Executor threads = task -> {
            if (free.get()) {
                task.run();
            } else {
                busy.add(task);
            }
        };
        MessageClient client = room.client("busy", builder -> builder.userScheduler(Schedulers.fromExecutor(threads)));
        List<String> begun = new ArrayList<>();
        room.hear(Room.consumer(client).handle(delivery -> Mono.fromRunnable(() -> begun.add(delivery.body()))));
        room.publish("a");
        room.pass(SECOND);
        assertThat(room.group("assessors").held()).isOne();

        client.group("assessors").pause().subscribe();
        room.pass(SECOND);
        free.set(true);
        busy.forEach(Runnable::run);
        room.pass(SECOND);

        assertThat(begun).isEmpty();
        assertThat(room.group("assessors").held()).isZero();

        client.group("assessors").resume().subscribe();
        room.pass(SECOND);

        assertThat(begun).containsExactly("a");
    }

    @Test
    void aPausedGroupTakesNothingUntilItIsResumed() {
        Heard<Outcome> outcomes = running();

        Heard<Void> paused = room.hear(one.control().pause());
        room.publish("a");
        room.pass(SECOND);

        assertThat(paused.hasCompleted()).isTrue();
        assertThat(outcomes.values()).isEmpty();

        Heard<Void> resumed = room.hear(one.control().resume());
        room.pass(SECOND);

        assertThat(resumed.hasCompleted()).isTrue();
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
    }

    @Test
    void nothingHappensBeforeACallIsSubscribed() {
        Heard<Outcome> outcomes = running();

        Mono<Void> pause = one.control().pause();
        room.publish("a");
        room.pass(SECOND);

        assertThat(pause).isNotNull();
        assertThat(Room.kinds(outcomes)).containsExactly(Outcome.Kind.ACKED);
    }

    @Test
    void equalSettingsDoNothingAndOthersHold() {
        running();
        ConsumeSettings present = one.consumer().settings();
        ConsumeSettings other = one.consumer().concurrency(3).settings();

        assertThat(room.hear(one.control().apply(present)).values()).containsExactly(false);
        assertThat(room.hear(one.control().apply(other)).values()).containsExactly(true);
        assertThat(room.hear(one.control().apply(other)).values()).containsExactly(false);

        assertThat(room.hear(one.control().snapshot()).values())
                .extracting(GroupCounts::limit)
                .containsExactly(3);
        assertThat(room.told().count(Kind.SETTINGS_UNCHANGED)).isEqualTo(2);
        assertThat(room.told().count(Kind.SETTINGS_CHANGED)).isEqualTo(1);
    }

    @Test
    void theLeaseTimeIsFixedWhileTheGroupIsConsumed() {
        running();
        MessageConsumer<String> other =
                one.consumer().leaseTime(Room.T.multipliedBy(2)).concurrency(3);

        Heard<Boolean> applied = room.hear(one.control().apply(other.settings()));

        assertThat(applied.code()).isEqualTo(ErrorCode.SETTING_FIXED);
        assertThat(room.hear(one.control().snapshot()).values())
                .extracting(GroupCounts::limit)
                .containsExactly(64);
        assertThat(room.told().count(Kind.SETTINGS_CHANGED)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownGroupIsNamedBesideTheKnownOnesByEachCall(Call call) {
        running();

        Heard<?> heard = room.hear(call.made.apply(one.get().group("assesors")));

        assertThat(heard.code()).isEqualTo(ErrorCode.NOT_CONSUMED);
        assertThat(heard.error()).hasMessageContaining("group assesors").hasMessageContaining("[assessors]");
    }

    @ParameterizedTest
    @EnumSource
    void whereAConsumerWasDescribedAndNotSubscribedOnlyADrainHasNothingToDo(Call call) {
        GroupControl control = one.consumer().control();

        Heard<?> heard = room.hear(call.made.apply(control));

        assertThat(heard.hasCompleted()).isEqualTo(call == Call.DRAIN);
        assertThat(heard.code()).isEqualTo(call == Call.DRAIN ? null : ErrorCode.NOT_CONSUMED);
    }

    @Test
    void theOldestNamesAreForgottenAndTheirListIsShort() {
        GroupNames names = new GroupNames();

        IntStream.range(0, GroupNames.NAMES_MAX + 5).forEach(number -> names.add("group" + number));
        names.add("group7");

        assertThat(names.has("group4")).isFalse();
        assertThat(names.has("group5")).isTrue();
        assertThat(names.toString()).endsWith(" and 9990 more").hasSizeLessThan(200);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DRAIN")
    void afterTheEndOfTheSubscriptionEachCallSaysSo(Call call) {
        Disposable subscription =
                one.consumer().handle(delivery -> Mono.empty()).subscribe();
        subscription.dispose();
        room.pass(SECOND);

        Heard<?> heard = room.hear(call.made.apply(one.control()));

        assertThat(heard.code()).isEqualTo(ErrorCode.NOT_CONSUMED);
    }

    @ParameterizedTest
    @EnumSource
    void afterTheClientIsClosedEachCallSaysSo(Call call) {
        GroupControl control = one.control();
        room.hear(one.get().close());
        room.pass(SECOND);

        assertThat(room.hear(call.made.apply(control)).code()).isEqualTo(ErrorCode.CLOSED);
    }

    @Test
    void aDrainCompletesTheSubscriptionAndOneOfNothingCompletesAtOnce() {
        Heard<Outcome> outcomes = running();

        Heard<Void> drained = room.hear(one.control().drain(SECOND));
        room.pass(SECOND);

        assertThat(drained.hasCompleted()).isTrue();
        assertThat(outcomes.hasCompleted()).isTrue();
        assertThat(room.hear(one.control().drain(SECOND)).hasCompleted()).isTrue();
    }

    @Test
    void aControlThatIsKeptSteersTheNextSubscription() {
        GroupControl kept = one.control();
        running();
        room.hear(kept.drain(SECOND));
        room.pass(SECOND);

        running();

        assertThat(room.hear(kept.pause()).hasCompleted()).isTrue();
        assertThat(room.hear(kept.snapshot()).values())
                .extracting(GroupCounts::taking)
                .isEqualTo(List.of(false));
    }

    @Test
    void theControlOfAConsumerIsThatOfItsGroup() {
        running();

        Heard<GroupCounts> counts = room.hear(one.consumer().control().snapshot());

        assertThat(counts.values()).extracting(GroupCounts::group).containsExactly("assessors");
        assertThat(one.consumer().control().name()).isEqualTo("assessors");
    }

    @Test
    void aNameThatNoGroupCanHaveIsRefused() {
        assertThatThrownBy(() -> one.get().group("not a name"))
                .isInstanceOfSatisfying(
                        MessagingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_SETTING));
    }
}
