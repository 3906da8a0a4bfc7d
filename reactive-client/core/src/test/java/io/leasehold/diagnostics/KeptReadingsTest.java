package io.leasehold.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.MessageClient;
import io.leasehold.embedded.EmbeddedBroker;
import io.leasehold.embedded.EmbeddedSettings;
import io.leasehold.event.BrokerReadings;
import io.leasehold.event.GroupReadings;
import io.leasehold.event.PublishReadings;
import io.leasehold.event.Recorder;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What recorders may read lives as long as the client, also where the recorder holds it weakly, as gauges do. */
class KeptReadingsTest {
    private static final class WeakRecorder implements Recorder {
        final List<WeakReference<Object>> readings = new ArrayList<>();

        @Override
        public void watching(GroupReadings group) {
            readings.add(new WeakReference<>(group));
        }

        @Override
        public void watching(PublishReadings publishing) {
            readings.add(new WeakReference<>(publishing));
        }

        @Override
        public void watching(BrokerReadings broker) {
            readings.add(new WeakReference<>(broker));
        }
    }

    @Test
    @Timeout(60)
    void readingsOutliveACollectionOfWhatNobodyHolds() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        EmbeddedBroker broker = EmbeddedBroker.create(EmbeddedSettings.defaults(), time);
        WeakRecorder recorder = new WeakRecorder();
        MessageClient client = MessageClient.builder()
                .broker(broker)
                .timeScheduler(time)
                .userScheduler(Schedulers.immediate())
                .recorder(recorder)
                .build();
        client.consumer("quakes.>", "assessors", String.class)
                .handle(delivery -> Mono.empty())
                .subscribe(outcome -> {}, error -> {});

        WeakReference<Object> nobodys = new WeakReference<>(new Object());
        while (nobodys.get() != null) {
            System.gc();
        }

        assertThat(recorder.readings)
                .hasSize(3)
                .allSatisfy(reading -> assertThat(reading.get()).isNotNull());

        client.close().subscribe();
        broker.shutdown();
    }
}
