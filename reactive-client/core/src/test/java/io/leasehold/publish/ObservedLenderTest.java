package io.leasehold.publish;

import static io.leasehold.publish.PublishDesk.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.leasehold.Heard;
import io.leasehold.observation.ObservationStages;
import io.leasehold.observation.SendContext;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Whose child a publish is that another caller's thread works off, where no library carries thread locals over. */
class ObservedLenderTest {
    private final ObservationRegistry registry = ObservationRegistry.create();
    private final Map<String, String> parents = new ConcurrentHashMap<>();
    private final PublishDesk desk = PublishDesk.open(
            PublishSettings.builder(), ObservationStages.of(registry).publishing());

    private void as(String user, Runnable work) throws InterruptedException {
        Thread thread = new Thread(() -> {
            if (user.isEmpty()) {
                work.run();
            } else {
                Observation.createNotStarted(user, registry).observe(work);
            }
        });
        thread.start();
        thread.join();
    }

    private void lendTo(String user) throws InterruptedException {
        registry.observationConfig().observationHandler(new ObservationHandler<SendContext>() {
            @Override
            public void onStart(SendContext context) {
                var parent = context.getParentObservation();
                parents.put(
                        context.message().text(),
                        parent == null ? "none" : parent.getContextView().getName());
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return context instanceof SendContext;
            }
        });
        desk.port.does(item -> {
            desk.port.confirms();
            try {
                as(user, () -> Heard.of(desk.publisher.publish(message("other"))));
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            desk.port.confirm(item);
        });
        as("lender", () -> Heard.of(desk.publisher.publish(message("mine"))));
        assertThat(desk.port.written).containsExactly("mine", "other");
        assertThat(parents).containsEntry("mine", "lender");
    }

    @Test
    void itIsThatOfItsOwnCaller() throws InterruptedException {
        lendTo("other");
        assertThat(parents).containsEntry("other", "other");
    }

    @Test
    void withoutOneItIsNobodys() throws InterruptedException {
        lendTo("");
        assertThat(parents).containsEntry("other", "none");
    }
}
