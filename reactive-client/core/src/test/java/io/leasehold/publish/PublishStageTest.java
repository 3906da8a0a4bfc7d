package io.leasehold.publish;

import static io.leasehold.publish.PublishDesk.keyed;
import static io.leasehold.publish.PublishDesk.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.error.ErrorCode;
import io.leasehold.message.PublishReceipt;
import io.leasehold.pace.StageAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.util.context.Context;

class PublishStageTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final List<String> log = new ArrayList<>();

    /** Writes down what it is asked and told, counts in its state, and answers as it is told. */
    private final class Logged implements PublishStage {
        private final String name;
        private final Function<PublishView, StageAnswer> answer;

        Logged(String name, Function<PublishView, StageAnswer> answer) {
            this.name = name;
            this.answer = answer;
        }

        @Override
        public StageAnswer enter(PublishView view, long now) {
            view.state(view.state() + name.length());
            log.add(name + " in " + view.id());
            return answer.apply(view);
        }

        @Override
        public void exit(PublishView view, PublishOutcome outcome, long now) {
            log.add(name + " out " + view.id() + " " + outcome + " " + view.failure() + " " + view.state());
        }
    }

    private PublishDesk open(PublishStage... stages) {
        return PublishDesk.open(PublishSettings.builder().window(4), stages);
    }

    private Logged pass(String name) {
        return new Logged(name, view -> StageAnswer.PROCEED);
    }

    @Test
    void eachMessagePassesAllAndEachKeepsItsOwnState() {
        PublishDesk desk = open(pass("a"), pass("bb"), pass("ccc"), pass("dddd"), pass("eeeee"));

        assertThat(Heard.of(desk.publisher.publish(message("m"))).values()).hasSize(1);
        assertThat(log)
                .containsExactly(
                        "a in m",
                        "bb in m",
                        "ccc in m",
                        "dddd in m",
                        "eeeee in m",
                        "eeeee out m CONFIRMED null 5",
                        "dddd out m CONFIRMED null 4",
                        "ccc out m CONFIRMED null 3",
                        "bb out m CONFIRMED null 2",
                        "a out m CONFIRMED null 1");
    }

    @Test
    void aRefusalEndsThePublishAndIsToldToThoseBeforeIt() {
        PublishDesk desk =
                open(pass("a"), new Logged("b", view -> StageAnswer.refuse(ErrorCode.BREAKER_OPEN)), pass("c"));
        Heard<PublishReceipt> heard = Heard.of(desk.publisher.publish(message("m")));

        assertThat(heard.code()).isEqualTo(ErrorCode.BREAKER_OPEN);
        assertThat(log).containsExactly("a in m", "b in m", "a out m REFUSED BREAKER_OPEN 1");
        assertThat(desk.port.handed).hasValue(0);
    }

    @Test
    void aDelayAsksTheSameStageAgain() {
        PublishDesk desk = open(
                pass("a"), new Logged("b", view -> view.state() < 3 ? StageAnswer.delay(SECOND) : StageAnswer.PROCEED));
        Heard<PublishReceipt> heard = Heard.of(desk.publisher.publish(message("m")));

        assertThat(desk.publishing.waiting()).isEqualTo(1);
        desk.pass(SECOND);
        assertThat(desk.port.handed).hasValue(0);
        desk.pass(SECOND);

        assertThat(heard.values()).hasSize(1);
        assertThat(log)
                .containsExactly(
                        "a in m", "b in m", "b in m", "b in m", "b out m CONFIRMED null 3", "a out m CONFIRMED null 1");
        assertThat(desk.publishing.waiting()).isZero();
    }

    @Test
    void aDelayedOneMayTimeOutOrBeTakenBackAndTheStageIsTold() {
        PublishDesk desk = open(new Logged("a", view -> StageAnswer.delay(SECOND.multipliedBy(9))));
        Heard<PublishReceipt> late = Heard.of(desk.publisher.publish(message("late")));
        Heard<PublishReceipt> left = Heard.of(desk.publisher.publish(message("left")));

        left.cancel();
        desk.pass(SECOND.multipliedBy(5));
        assertThat(late.code()).isEqualTo(ErrorCode.PUBLISH_TIMEOUT);
        assertThat(log)
                .containsExactly(
                        "a in late",
                        "a in left",
                        "a out left TAKEN_BACK null 1",
                        "a out late REFUSED PUBLISH_TIMEOUT 1");
        desk.pass(SECOND.multipliedBy(20));

        assertThat(log).hasSize(4);
        assertThat(desk.publishing.waiting()).isZero();
    }

    @Test
    void delaysEndInTheirOwnOrder() {
        PublishDesk desk = open(new Logged("a", view -> {
            long wanted = Long.parseLong(view.id().value().substring(1));
            return view.state() > 1 ? StageAnswer.PROCEED : StageAnswer.delay(Duration.ofMillis(wanted));
        }));
        int[] delays = {50, 20, 90, 10, 70, 30, 60, 40, 80, 5, 55, 25};

        for (int delay : delays) {
            Heard.of(desk.publisher.publish(message("d" + delay)));
        }
        Heard.of(desk.publisher.publish(message("d15"))).cancel();
        for (int i = 0; i < 100; i++) {
            desk.pass(Duration.ofMillis(1));
        }

        assertThat(desk.port.written)
                .containsExactly("d5", "d10", "d20", "d25", "d30", "d40", "d50", "d55", "d60", "d70", "d80", "d90");
    }

    @Test
    void keysComeBeforeStagesSoThatADelayKeepsTheOrder() {
        PublishDesk desk = open(new Logged(
                "a",
                view -> view.id().value().equals("1") && view.state() == 1
                        ? StageAnswer.delay(Duration.ofNanos(5))
                        : StageAnswer.PROCEED));
        MessagePublisher ordered = desk.publisher.ordered();

        Heard.of(ordered.publish(keyed("A", "1")));
        Heard.of(ordered.publish(keyed("A", "2")));
        assertThat(desk.port.handed).hasValue(0);
        desk.pass(SECOND);

        assertThat(desk.port.written).containsExactly("1", "2");
    }

    @Test
    void aStageThatRefusesEverythingDoesNotNestTheStack() {
        boolean[] open = {true};
        PublishDesk desk =
                open(new Logged("a", view -> open[0] ? StageAnswer.PROCEED : StageAnswer.refuse(ErrorCode.LEASE_LOST)));
        desk.port.writesAndHolds();
        MessagePublisher ordered = desk.publisher.ordered();
        List<Heard<PublishReceipt>> all = new ArrayList<>();
        for (int i = 0; i < 9_000; i++) {
            all.add(Heard.of(ordered.publish(keyed("A", "m" + i))));
        }
        open[0] = false;
        desk.port.confirmHeld(0);

        assertThat(all.subList(1, all.size())).allMatch(heard -> heard.code() == ErrorCode.LEASE_LOST);
    }

    @Test
    void repetitionsDoNotAskAgain() {
        PublishDesk desk = open(pass("a"));
        desk.port.fails(ErrorCode.UNKNOWN);
        Heard.of(desk.publisher.publish(message("m")));
        desk.port.confirms();
        desk.pass(SECOND);

        assertThat(log).containsExactly("a in m", "a out m CONFIRMED null 1");
    }

    @Test
    void aStageThatCapturesNoContextIsNamedAndNoOtherIsAskedWithoutIt() {
        PublishStage broken = new PublishStage() {
            @Override
            public Context capture(Context given) {
                return null;
            }

            @Override
            public StageAnswer enter(PublishView view, long now) {
                return StageAnswer.PROCEED;
            }

            @Override
            public void exit(PublishView view, PublishOutcome outcome, long now) {}
        };
        PublishDesk desk = open(pass("a"), broken);
        Heard<PublishReceipt> heard = Heard.of(desk.publisher.publish(message("m")));
        assertThat(heard.code()).isEqualTo(ErrorCode.STAGE_REFUSED);
        assertThat(log).isEmpty();
        assertThat(desk.recorder.faults)
                .extracting(Throwable::getMessage)
                .anyMatch(told -> told.contains(broken.getClass().getName()));
    }

    @Test
    void aStageThatGivesNoAnswerIsReportedAndRefuses() {
        PublishDesk desk = open(pass("a"), new Logged("b", view -> null));

        Heard<PublishReceipt> heard = Heard.of(desk.publisher.publish(message("m")));

        assertThat(heard.code()).isEqualTo(ErrorCode.STAGE_REFUSED);
        assertThat(desk.recorder.faults).hasSize(1);
    }

    @Test
    void aStageThatThrowsIsReportedAndRefuses() {
        PublishDesk desk = open(pass("a"), new Logged("b", view -> {
            throw new IllegalStateException("stage");
        }));
        Heard<PublishReceipt> heard = Heard.of(desk.publisher.publish(message("m")));

        assertThat(heard.code()).isEqualTo(ErrorCode.STAGE_REFUSED);
        assertThat(desk.recorder.faults).hasSize(1);
        assertThat(log).containsExactly("a in m", "b in m", "a out m REFUSED STAGE_REFUSED 1");
    }
}
