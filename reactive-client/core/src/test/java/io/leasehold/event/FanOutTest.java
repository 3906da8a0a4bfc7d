package io.leasehold.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.error.ErrorCode;
import io.leasehold.event.MessagingEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several recorders at once. */
class FanOutTest {
    private final List<String> told = new ArrayList<>();

    private Recorder recorder(String name) {
        return new Recorder() {
            @Override
            public void ended(String group, RunEnd how, ErrorCode code, long nanos) {
                told.add(name + " ended " + how);
            }

            @Override
            public void event(MessagingEvent event) {
                told.add(name + " " + event.kind());
            }
        };
    }

    private final Recorder broken = new Recorder() {
        @Override
        public void ended(String group, RunEnd how, ErrorCode code, long nanos) {
            throw new IllegalStateException("broken");
        }

        @Override
        public void publishRepeated(String topic) {
            throw new IllegalStateException("broken");
        }

        @Override
        public void event(MessagingEvent event) {
            throw new IllegalStateException("broken");
        }
    };

    @Test
    void allAreToldInTheirOrder() {
        Recorder all = Recorder.all(List.of(recorder("one"), recorder("two")));
        all.ended("group", RunEnd.ACKED, null, 1);
        all.event(MessagingEvent.of(Kind.TROUBLE, "group", null));
        assertThat(told).containsExactly("one ended ACKED", "two ended ACKED", "one TROUBLE", "two TROUBLE");
    }

    @Test
    void oneThatThrowsKeepsNobodyFromBeingTold() {
        Recorder all = Recorder.all(List.of(broken, recorder("two")));
        all.ended("group", RunEnd.LOST, null, 1);
        all.publishRepeated("topic");
        assertThat(told).containsExactly("two FAULT", "two ended LOST", "two FAULT");
    }

    @Test
    void oneAloneIsItself() {
        Recorder one = recorder("one");
        assertThat(Recorder.all(List.of(one))).isSameAs(one);
    }

    @Test
    void whatTheMachineDidIsAnEventToo() {
        Recorder all = new EventfulRecorder(List.of(recorder("one")), "client");
        all.clockMissed(1_000_000_000);
        all.cancelStarved(3);
        all.fault(new IllegalStateException("fault"));

        assertThat(told).containsExactly("one CLOCK_MISSED", "one CANCEL_STARVED", "one FAULT");
    }
}
