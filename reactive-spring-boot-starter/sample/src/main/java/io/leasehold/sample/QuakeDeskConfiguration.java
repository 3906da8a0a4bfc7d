package io.leasehold.sample;

import io.leasehold.MessageClient;
import io.leasehold.sample.assessment.AssessmentTime;
import io.leasehold.sample.assessment.QuakeAssessor;
import io.leasehold.sample.assessment.Workload;
import io.leasehold.sample.catalogue.Catalogue;
import io.leasehold.sample.desk.Desk;
import io.leasehold.sample.desk.Ledger;
import io.leasehold.sample.desk.Tally;
import io.leasehold.sample.messaging.BrokerPublisher;
import io.leasehold.sample.messaging.OutcomeTally;
import io.leasehold.sample.messaging.QuakeListener;
import io.leasehold.sample.messaging.QuakePublisher;
import io.leasehold.sample.replay.Pace;
import io.leasehold.sample.replay.Replay;
import io.leasehold.sample.replay.ReplayLifecycle;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

/** Puts the quake desk together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(QuakeDeskProperties.class)
final class QuakeDeskConfiguration {

    @Bean
    Workload workload(QuakeDeskProperties properties) {
        QuakeDeskProperties.AssessmentSettings times = properties.assessment();
        return new AssessmentTime(times.strong(), times.great(), Schedulers.parallel());
    }

    @Bean
    Desk desk(QuakeDeskProperties properties, Workload workload) {
        return new Desk(new QuakeAssessor(workload), new Ledger(properties.ledgerCapacity()));
    }

    @Bean
    Tally tally(QuakeDeskProperties properties) {
        return new Tally(properties.replay().enabled());
    }

    @Bean
    QuakePublisher publisher(MessageClient client) {
        return new BrokerPublisher(client);
    }

    @Bean
    QuakeListener listener(Desk desk) {
        return new QuakeListener(desk);
    }

    @Bean
    OutcomeTally outcomeTally(Tally tally) {
        return new OutcomeTally(tally);
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "quakedesk.replay.enabled", matchIfMissing = true)
    ReplayLifecycle replay(QuakeDeskProperties properties, Tally tally, QuakePublisher publisher) {
        QuakeDeskProperties.ReplaySettings settings = properties.replay();
        Pace pace = new Pace(settings.duration(), Schedulers.parallel());
        return new ReplayLifecycle(new Replay(new Catalogue(settings.catalogue()), pace, tally), publisher);
    }
}
