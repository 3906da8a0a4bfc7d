package io.leasehold.publish;

import io.leasehold.lease.Ticker;
import io.leasehold.message.Codecs;
import io.leasehold.message.Message;
import io.leasehold.pace.TaskLoops;
import java.time.Duration;
import java.util.List;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A publishing with a scripted port, in virtual time on one thread unless a test wants otherwise. */
final class PublishDesk {
    final ScriptedPort port = new ScriptedPort();
    final CountingRecorder recorder = new CountingRecorder();
    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final Publishing publishing;
    final MessagePublisher publisher;

    private PublishDesk(PublishSettings settings, Scheduler user, List<PublishStage> stages) {
        this(settings, user, stages, Codecs.builtIn());
    }

    private PublishDesk(PublishSettings settings, Scheduler user, List<PublishStage> stages, Codecs codecs) {
        Scheduler signals = user == null ? time : user;
        publishing = Publishing.open(new PublishContext(
                port,
                settings,
                codecs,
                new Ticker(time),
                time,
                new TaskLoops(signals, 4, recorder::fault),
                recorder,
                stages));
        publisher = publishing.publisher();
    }

    static PublishDesk open() {
        return open(PublishSettings.builder());
    }

    static PublishDesk open(PublishSettings.Builder settings) {
        return new PublishDesk(settings.build(), null, List.of());
    }

    static PublishDesk open(PublishSettings.Builder settings, Scheduler user) {
        return new PublishDesk(settings.build(), user, List.of());
    }

    static PublishDesk open(PublishSettings.Builder settings, PublishStage... stages) {
        return new PublishDesk(settings.build(), null, List.of(stages));
    }

    static PublishDesk open(PublishSettings.Builder settings, Codecs codecs, PublishStage... stages) {
        return new PublishDesk(settings.build(), null, List.of(stages), codecs.orElse(Codecs.builtIn()));
    }

    void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    static Message message(String id) {
        return Message.to("test.topic").id(id).body(id);
    }

    static Message keyed(String key, String id) {
        return message(id).key(key);
    }
}
