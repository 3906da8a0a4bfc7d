package io.leasehold.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.event.MessagingEvent;
import io.leasehold.event.Recorder;
import io.leasehold.lease.TouchMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** What a recording of the flight recorder shows. */
class FlightRecorderTest {
    private final WatchedClient watched = new WatchedClient();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        watched.close();
    }

    @Test
    void lossesOrphansSlowCancelsAndRunsAreInTheRecording() throws IOException {
        try (Recording recording = new Recording()) {
            recording.enable("io.leasehold.HandlerRun");
            recording.start();
            watched.consumer()
                    .touch(TouchMode.NEVER)
                    .handle(delivery -> delivery.body().equals("slow") ? Mono.never() : Mono.empty())
                    .subscribe(outcome -> {}, error -> {});
            watched.publish("quick", "slow");
            watched.pass(1950);
            Recorder recorder = FlightEvents.recorder();
            recorder.event(MessagingEvent.of(MessagingEvent.Kind.ORPHAN, "assessors/quakes.nc", null));
            recorder.cancelDelayed(30_000_000);
            recorder.cancelDelayed(1_000_000);
            recorder.cancelled("assessors", 200_000_000);
            recording.stop();
            Path file = folder.resolve("flight.jfr");
            recording.dump(file);
            assertThat(names(RecordingFile.readAllEvents(file)))
                    .containsExactlyInAnyOrder(
                            "HandlerRun", "HandlerRun", "LeaseLost", "Orphan", "SlowCancel", "SlowCancel");
        }
    }

    private static List<String> names(List<RecordedEvent> events) {
        return events.stream()
                .map(event -> event.getEventType().getName())
                .filter(name -> name.startsWith("io.leasehold."))
                .map(name -> name.substring("io.leasehold.".length()))
                .toList();
    }
}
